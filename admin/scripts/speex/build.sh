#!/bin/sh
# Rebuilds admin/src/shared/media/speex/speex-decoder.wasm from the sources of libspeex.
#
#   admin/scripts/speex/build.sh path/to/speex-1.2.1.tar.gz
#
# Needs clang, lld, wasi-libc and binaryen (Debian: apt install clang lld wasi-libc binaryen).
# The sources: https://downloads.xiph.org/releases/speex/speex-1.2.1.tar.gz
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out="$here/../../src/shared/media/speex/speex-decoder.wasm"
echo "4b44d4f2b38a370a2d98a78329fefc56a0cf93d1c1be70029217baae6628feea  $1" | sha256sum -c -

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar xzf "$1" -C "$work" --strip-components=1
printf '#include <stdint.h>\ntypedef int16_t spx_int16_t;\ntypedef uint16_t spx_uint16_t;\ntypedef int32_t spx_int32_t;\ntypedef uint32_t spx_uint32_t;\n' \
  > "$work/include/speex/speex_config_types.h"

cd "$work/libspeex"
clang --target=wasm32-wasi -O2 -mexec-model=reactor -nostartfiles -w \
  -DFLOATING_POINT -DUSE_SMALLFT -DDISABLE_ENCODER -DVAR_ARRAYS -DEXPORT= -DOS_SUPPORT_CUSTOM \
  -I "$work/include" -I "$here" -ffunction-sections -fdata-sections \
  -Wl,--no-entry -Wl,--gc-sections -Wl,--strip-all -Wl,-z,stack-size=131072 -Wl,--max-memory=16777216 -nodefaultlibs \
  bits.c cb_search.c exc_*_table.c filters.c gain_table.c gain_table_lbr.c hexc_10_32_table.c hexc_table.c \
  high_lsp_tables.c lpc.c lsp.c lsp_tables_nb.c ltp.c modes.c modes_wb.c nb_celp.c quant_lsp.c sb_celp.c \
  speex.c speex_callbacks.c stereo.c vbr.c vq.c window.c "$here/decoder.c" -lc -o "$work/raw.wasm"
wasm-opt -O3 "$work/raw.wasm" -o "$out"
ls -l "$out"
