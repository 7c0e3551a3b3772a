# SPDX-License-Identifier: EUPL-1.2
# Debian packages: kopgroep-broker and kopgroep. `cmake -DCMAKE_INSTALL_PREFIX=/usr ...`, build, then
# `cpack` in the build folder; dpkg-dev and file are needed, scdoc for the manual pages.
include(GNUInstallDirs)
set(KG_PACKAGER "Kopgroep <kopgroep@example.org>" CACHE STRING "who answers for the packages")

# --- what is installed ---
install(TARGETS kopgroepd RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT broker)
install(TARGETS kopgroep_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT client)
set(share ${CMAKE_INSTALL_DATADIR}/kopgroep)
install(FILES config/catalogue.conf DESTINATION ${share} COMPONENT broker)
install(DIRECTORY config/reference DESTINATION ${share} COMPONENT broker
  PATTERN README.md EXCLUDE)
install(DIRECTORY config/prometheus DESTINATION ${share} COMPONENT broker)
install(DIRECTORY config/patroni DESTINATION ${share} COMPONENT broker)

# The unit as it is, with the places of a package, and without the remarks on how to install it.
file(READ config/systemd/kopgroepd.service unit)
string(REGEX REPLACE "^(#[^\n]*\n)+\n*" "" unit "${unit}")
string(REPLACE /usr/local/bin/ ${CMAKE_INSTALL_FULL_BINDIR}/ unit "${unit}")
string(REPLACE /var/lib/kopgroep/broker.conf /etc/kopgroep/broker.conf unit "${unit}")
string(REPLACE "[Unit]\n" "[Unit]\nConditionPathExists=/var/lib/kopgroep/broker.key\n" unit "${unit}")
file(WRITE ${CMAKE_BINARY_DIR}/package/kopgroepd.service "${unit}")
install(FILES ${CMAKE_BINARY_DIR}/package/kopgroepd.service DESTINATION lib/systemd/system
  COMPONENT broker)
install(FILES config/debian/broker.conf config/catalogue.conf
  DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/kopgroep COMPONENT broker)

string(TIMESTAMP KG_PACKAGED "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(config/debian/changelog.in package/changelog @ONLY)
# A copyright file holds the licence's text, indented, with a dot for each empty line.
file(READ LICENSE KG_LICENCE)
string(REGEX REPLACE "\n$" "" KG_LICENCE " ${KG_LICENCE}")
string(REPLACE "\n" "\n " KG_LICENCE "${KG_LICENCE}")
string(REGEX REPLACE "\n *\n" "\n .\n" KG_LICENCE "${KG_LICENCE}")
string(REGEX REPLACE "\n *\n" "\n .\n" KG_LICENCE "${KG_LICENCE}")
configure_file(config/debian/copyright.in package/copyright @ONLY)
find_program(GZIP gzip REQUIRED)
execute_process(COMMAND ${GZIP} -9nf ${CMAKE_BINARY_DIR}/package/changelog
  COMMAND_ERROR_IS_FATAL ANY)
install(FILES config/debian/lintian-overrides RENAME kopgroep-broker
  DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides COMPONENT broker)
foreach(pair broker:kopgroep-broker client:kopgroep)
  string(REPLACE : ";" pair ${pair})
  list(GET pair 0 component)
  list(GET pair 1 package)
  install(FILES ${CMAKE_BINARY_DIR}/package/copyright ${CMAKE_BINARY_DIR}/package/changelog.gz
    CHANGELOG.md
    DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package} COMPONENT ${component})
endforeach()

# --- the packages ---
set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL broker client)
set(CPACK_PACKAGE_CONTACT ${KG_PACKAGER})
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(CPACK_DEBIAN_BROKER_PACKAGE_NAME kopgroep-broker)
set(CPACK_DEBIAN_BROKER_PACKAGE_SECTION net)
set(CPACK_DEBIAN_BROKER_PACKAGE_DEPENDS "adduser, debconf (>= 0.5) | debconf-2.0")
set(CPACK_DEBIAN_BROKER_PACKAGE_RECOMMENDS kopgroep)
set(CPACK_DEBIAN_BROKER_DESCRIPTION "broker of joint public ICT purchasing
Collects what public bodies plan to buy, groups compatible demand into joint
tender lots with a reason for every line placed or left out, and keeps proof
of all that was recorded. This package holds the broker, kopgroepd, and its
service.")
set(CPACK_DEBIAN_BROKER_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/config/debian/conffiles
  ${CMAKE_SOURCE_DIR}/config/debian/templates ${CMAKE_SOURCE_DIR}/config/debian/postinst
  ${CMAKE_SOURCE_DIR}/config/debian/prerm ${CMAKE_SOURCE_DIR}/config/debian/postrm)

set(CPACK_DEBIAN_CLIENT_PACKAGE_NAME kopgroep)
set(CPACK_DEBIAN_CLIENT_PACKAGE_SECTION net)
set(CPACK_DEBIAN_CLIENT_DESCRIPTION "client of joint public ICT purchasing
With kopgroep a public body sends what it plans to buy to a Kopgroep broker,
sees which joint lots it fits in and why, and checks what it was promised; a
coordinator runs rounds and tenders.")
include(CPack)
