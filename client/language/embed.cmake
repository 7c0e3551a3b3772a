# SPDX-License-Identifier: EUPL-1.2
# cmake -D IN=FILE -D OUT=FILE -P embed.cmake: the bytes of a file as numbers for an array of C.
file(READ ${IN} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "((0x..,){16})" "\\1\n" bytes "${bytes}")
file(WRITE ${OUT} "${bytes}\n")
