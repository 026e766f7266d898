#ifndef PGSIFT_INGEST_PLAN_JSON_DOCUMENTS_H_
#define PGSIFT_INGEST_PLAN_JSON_DOCUMENTS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pgsift {

// A JSON array or object of a text.
struct JsonDocument {
  size_t begin = 0;
  size_t end = 0;
  size_t depth = 0;
  bool closed = false;
  size_t whole = 0;     // Not closed: where its last whole value ends.
  std::string closing;  // And what closes it there.
};

// The next document at or after `at`, found by its brackets. With `repair`, also where one that is
// not closed could be: no deeper than `depth_max`. False: there is none.
bool NextJsonDocument(std::string_view text, size_t at, bool repair, size_t depth_max,
                      JsonDocument* document);

// Where the document that begins at `at` most likely ends, told from the layout alone, at a
// fraction of the cost: behind its line, or where a line begins with its closing bracket, indented
// like the line that it begins on. 0: the layout does not tell. The caller has to parse what is
// found, and to look for the end by its brackets if that fails.
size_t LikelyEndOfJson(std::string_view text, size_t at);

// Where the next line begins that begins as that of the document at `begin` does, with its
// indentation and bracket; npos: none, or the document is not the first of its line. Where a
// document is not closed, the next one begins there.
size_t NextLineLike(std::string_view text, size_t begin);

// Cuts a text of many documents, or of one array of many, into parts of about `part_bytes`, between
// documents or items, told from the layout alone: the caller has to read again, in one, what does
// not turn out whole. Without gaps, but for what stands before an array's first item. One part: the
// text is small, or its layout tells nothing.
std::vector<std::string_view> CutJson(std::string_view text, size_t part_bytes);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_PLAN_JSON_DOCUMENTS_H_
