#ifndef PGSIFT_PARSER_CHARACTERS_H_
#define PGSIFT_PARSER_CHARACTERS_H_

// Bytes as PostgreSQL's scanner classes them. Source: src/backend/parser/scan.l.

namespace pgsift {

inline bool IsSpace(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
// What an identifier or keyword begins with.
inline bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace pgsift

#endif  // PGSIFT_PARSER_CHARACTERS_H_
