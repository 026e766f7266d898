#ifndef PGSIFT_INGEST_MIGRATION_MIGRATION_PARTS_H_
#define PGSIFT_INGEST_MIGRATION_MIGRATION_PARTS_H_

#include <string_view>

namespace pgsift {

// The file undoes a migration: `000012_name.down.sql`, `12_name_down.sql`, `down.sql`, `revert/…`
// or `…/undo/U12__name.sql`, as golang-migrate, sqlx, Diesel, sqitch and Flyway name them.
bool IsDownFile(std::string_view path);

// The part of a migration that is applied: up to the line that begins its undoing (`-- +goose
// Down`,
// `-- +migrate Down`, `-- migrate:down`, `---- create above / drop below ----`). All of it where
// there is no such line. Views `text`.
std::string_view UpPart(std::string_view text);

}  // namespace pgsift

#endif  // PGSIFT_INGEST_MIGRATION_MIGRATION_PARTS_H_
