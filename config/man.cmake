# SPDX-License-Identifier: EUPL-1.2
# Manual pages, where scdoc is there: `cmake --build BUILD --target man`. They are installed with the
# programs, as is completion for bash.
include(GNUInstallDirs)
find_program(SCDOC scdoc)
if(NOT SCDOC)
  return()
endif()

set(man_folder ${CMAKE_BINARY_DIR}/man)
file(MAKE_DIRECTORY ${man_folder})
file(GLOB pages CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/*/man/*.[1-9].scd)
set(man_pages)
foreach(source ${pages})
  get_filename_component(page ${source} NAME)
  string(REGEX REPLACE "\\.scd$" "" page ${page})
  add_custom_command(OUTPUT ${man_folder}/${page}
    COMMAND sh -c "'${SCDOC}' <'${source}' >'${man_folder}/${page}'"
    DEPENDS ${source} VERBATIM)
  list(APPEND man_pages ${man_folder}/${page})
endforeach()

set(build_page ${CMAKE_SOURCE_DIR}/client/man/build.sh)
add_custom_command(OUTPUT ${man_folder}/kopgroep.1
  COMMAND ${build_page} $<TARGET_FILE:kopgroep_cli> ${SCDOC} ${man_folder}/kopgroep.1
  DEPENDS kopgroep_cli ${build_page} ${CMAKE_SOURCE_DIR}/client/man/kopgroep.head.scd
    ${CMAKE_SOURCE_DIR}/client/man/kopgroep.tail.scd)
add_custom_command(OUTPUT ${man_folder}/kopgroep.bash
  COMMAND sh -c "'$<TARGET_FILE:kopgroep_cli>' completion bash >'${man_folder}/kopgroep.bash'"
  DEPENDS kopgroep_cli VERBATIM)
add_custom_command(OUTPUT ${man_folder}/kopgroepd.bash
  COMMAND sh -c "'$<TARGET_FILE:kopgroepd>' completion bash >'${man_folder}/kopgroepd.bash'"
  DEPENDS kopgroepd VERBATIM)
list(APPEND man_pages ${man_folder}/kopgroep.1)
add_custom_target(man ALL DEPENDS ${man_pages} ${man_folder}/kopgroep.bash
  ${man_folder}/kopgroepd.bash)

# Pages of the broker's go with it, as do those of files that only it reads; packages want them small.
find_program(GZIP gzip REQUIRED)
foreach(page ${man_pages})
  string(REGEX MATCH "[1-9]$" section ${page})
  set(component client)
  if(page MATCHES "/kopgroepd[.-]|-broker\\.conf\\.|-catalogue\\.")
    set(component broker)
  endif()
  add_custom_command(OUTPUT ${page}.gz COMMAND ${GZIP} -9nkf ${page} DEPENDS ${page} VERBATIM)
  list(APPEND man_small ${page}.gz)
  install(FILES ${page}.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section}
    COMPONENT ${component})
endforeach()
add_custom_target(man_small ALL DEPENDS ${man_small})
add_dependencies(man_small man)
install(FILES ${man_folder}/kopgroep.bash RENAME kopgroep
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT client)
install(FILES ${man_folder}/kopgroepd.bash RENAME kopgroepd
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT broker)
