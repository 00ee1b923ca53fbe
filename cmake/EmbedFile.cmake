# SPDX-License-Identifier: Apache-2.0
# A file as bytes in a C++ source: cmake -DINPUT=... -DOUTPUT=... -DSYMBOL=... -P EmbedFile.cmake
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT}
     "// Generated from ${INPUT}\n#include <cstddef>\nnamespace nvdla::command::embedded {\n"
     "extern const unsigned char ${SYMBOL}[];\nextern const std::size_t ${SYMBOL}_size;\n"
     "const unsigned char ${SYMBOL}[] = {${bytes}};\nconst std::size_t ${SYMBOL}_size = sizeof ${SYMBOL};\n}\n")
