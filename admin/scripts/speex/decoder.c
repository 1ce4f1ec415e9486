/*
 * The face of libspeex for JavaScript: one stream per instance, so that dropping the instance frees everything.
 * Packets go in through packet_buffer(), one 16-bit mono frame comes out of each decode_frame().
 */
#include <speex/speex.h>

#define VISIBLE(name) __attribute__((export_name(#name))) name

/* A packet may hold ten ultra-wideband frames of at most 110 bytes; Ogg pages cannot bring longer ones than this. */
#define MAX_PACKET 4096
#define MAX_FRAME 640

static char packet[MAX_PACKET];
static spx_int16_t frame[MAX_FRAME];
static SpeexBits bits;
static void *state;

/** mode: 0 narrowband (8 kHz), 1 wideband (16 kHz), 2 ultra-wideband (32 kHz). Returns the samples per frame, or 0. */
int VISIBLE(open_stream)(int mode) {
  int enhance = 1, size = 0;
  if (state || mode < 0 || mode >= SPEEX_NB_MODES) return 0;
  speex_bits_init(&bits);
  state = speex_decoder_init(speex_lib_get_mode(mode));
  if (!state) return 0;
  speex_decoder_ctl(state, SPEEX_SET_ENH, &enhance);
  speex_decoder_ctl(state, SPEEX_GET_FRAME_SIZE, &size);
  return size <= MAX_FRAME ? size : 0;
}

char *VISIBLE(packet_buffer)(void) { return packet; }
int VISIBLE(packet_capacity)(void) { return MAX_PACKET; }
spx_int16_t *VISIBLE(frame_buffer)(void) { return frame; }

void VISIBLE(load_packet)(int length) {
  if (length >= 0 && length <= MAX_PACKET) speex_bits_read_from(&bits, packet, length);
}

/** 0: a frame stands in frame_buffer; -1: the packet has no more frames; -2: damaged. */
int VISIBLE(decode_frame)(void) {
  int outcome = speex_decode_int(state, &bits, frame);
  return outcome == 0 && speex_bits_remaining(&bits) < 0 ? -2 : outcome;
}
