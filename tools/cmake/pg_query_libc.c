// Two functions that libpg_query's newer builds expect of the C library and that glibc before 2.38
// does not have. Weak, so that a library that has them wins.

#include <stdlib.h>
#include <string.h>

size_t strlcpy(char* destination, const char* source, size_t size);
unsigned long __isoc23_strtoul(const char* text, char** end, int base);

__attribute__((weak)) size_t strlcpy(char* destination, const char* source, size_t size) {
  const size_t length = strlen(source);
  if (size > 0) {
    const size_t copied = length < size ? length : size - 1;
    memcpy(destination, source, copied);
    destination[copied] = '\0';
  }
  return length;
}

// The C23 variant also reads a 0b prefix, which no SQL number that reaches it has.
__attribute__((weak)) unsigned long __isoc23_strtoul(const char* text, char** end, int base) {
  return strtoul(text, end, base);
}
