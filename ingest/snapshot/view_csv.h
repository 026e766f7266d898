#ifndef PGSIFT_INGEST_SNAPSHOT_VIEW_CSV_H_
#define PGSIFT_INGEST_SNAPSHOT_VIEW_CSV_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pgsift {

// Statistics that were exported view by view, each as CSV with a header line:
//   \copy (SELECT * FROM pg_stat_user_tables) TO 'tables.csv' CSV HEADER
// Columns are found by their names, in any order; those that are missing are not known. Files of
// different views belong together; a view that comes again begins the next export.
class ViewCsv {
 public:
  // The view that a file begins like, by its header: "pg_stat_user_tables"; "" for no such file.
  static std::string_view ViewOf(std::string_view start);

  // False, with the reason in *error, if the file holds no such view. *rows: how many it has.
  bool Add(std::string_view text, uint64_t* rows, std::string* error);
  // One line for each view that lacks columns which rules need: what cannot be judged without them.
  const std::vector<std::string>& missing() const { return missing_; }
  // Each export as the document that ReadSnapshot() reads.
  std::vector<std::string> Documents() const;

 private:
  struct Row {
    std::vector<std::pair<std::string, std::string>> fields;  // Empty text: null.
  };
  struct Export {
    std::map<std::string, std::vector<Row>, std::less<>> views;
  };
  std::vector<Export> exports_;
  std::vector<std::string> missing_;
};

}  // namespace pgsift

#endif  // PGSIFT_INGEST_SNAPSHOT_VIEW_CSV_H_
