/* libspeex reports to stderr by default; inside the browser there is none, and stdio would drag in system imports. */
#define OVERRIDE_SPEEX_FATAL
#define OVERRIDE_SPEEX_WARNING
#define OVERRIDE_SPEEX_WARNING_INT
#define OVERRIDE_SPEEX_NOTIFY
#define OVERRIDE_SPEEX_PUTC
static inline void _speex_fatal(const char *text, const char *file, int line) { __builtin_trap(); }
static inline void speex_warning(const char *text) {}
static inline void speex_warning_int(const char *text, int value) {}
static inline void speex_notify(const char *text) {}
static inline void _speex_putc(int character, void *file) {}
