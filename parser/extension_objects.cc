#include "parser/extension_objects.h"

#include <algorithm>

namespace pgsift {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kCitext[] = {"citext"};
constexpr std::string_view kHstore[] = {"hstore", "ghstore"};
constexpr std::string_view kLtree[] = {"ltree", "lquery", "ltxtquery"};
constexpr std::string_view kCube[] = {"cube"};
constexpr std::string_view kEarth[] = {"earth"};
constexpr std::string_view kEarthFunctions[] = {"ll_to_earth", "earth_distance", "earth_box"};
constexpr std::string_view kSeg[] = {"seg"};
constexpr std::string_view kIsn[] = {"ean13", "isbn13", "ismn13", "issn13",
                                     "isbn",  "ismn",   "issn",   "upc"};
constexpr std::string_view kLo[] = {"lo"};
constexpr std::string_view kTrgm[] = {"gin_trgm_ops", "gist_trgm_ops"};
constexpr std::string_view kTrgmFunctions[] = {"similarity", "show_trgm", "word_similarity"};
constexpr std::string_view kIntarray[] = {"gin__int_ops", "gist__int_ops", "gist__intbig_ops"};
constexpr std::string_view kUnaccent[] = {"unaccent"};
constexpr std::string_view kFuzzy[] = {"soundex", "metaphone", "dmetaphone", "levenshtein",
                                       "daitch_mokotoff"};
constexpr std::string_view kUuid[] = {"uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v3",
                                      "uuid_generate_v4", "uuid_generate_v5",   "uuid_nil"};
constexpr std::string_view kCrypto[] = {"digest",  "hmac",      "crypt", "gen_salt",
                                        "encrypt", "decrypt",   "armor", "gen_random_bytes",
                                        "dearmor", "pgp_key_id"};

// Source: the CREATE TYPE, CREATE OPERATOR CLASS and CREATE FUNCTION of contrib/*/*.sql.
constexpr ExtensionObjects kExtensions[] = {
    {"citext", kCitext, {}, {}},
    {"hstore", kHstore, {}, {}},
    {"ltree", kLtree, {}, {}},
    {"cube", kCube, {}, {}},
    {"earthdistance", kEarth, {}, kEarthFunctions},
    {"seg", kSeg, {}, {}},
    {"isn", kIsn, {}, {}},
    {"lo", kLo, {}, {}},
    {"pg_trgm", {}, kTrgm, kTrgmFunctions},
    {"intarray", {}, kIntarray, {}},
    {"unaccent", {}, {}, kUnaccent},
    {"fuzzystrmatch", {}, {}, kFuzzy},
    {"uuid-ossp", {}, {}, kUuid},
    {"pgcrypto", {}, {}, kCrypto},
    // Nothing that a table is made of.
    {"pg_stat_statements", {}, {}, {}},
    {"pgstattuple", {}, {}, {}},
    {"pageinspect", {}, {}, {}},
    {"pg_buffercache", {}, {}, {}},
    {"pg_freespacemap", {}, {}, {}},
    {"pg_prewarm", {}, {}, {}},
    {"pg_visibility", {}, {}, {}},
    {"pgrowlocks", {}, {}, {}},
    {"amcheck", {}, {}, {}},
    {"tablefunc", {}, {}, {}},
    {"dblink", {}, {}, {}, "dblink_fdw"},
    {"postgres_fdw", {}, {}, {}, "postgres_fdw"},
    {"file_fdw", {}, {}, {}, "file_fdw"},
    {"sslinfo", {}, {}, {}},
};

}  // namespace

const ExtensionObjects* FindExtension(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kExtensions), std::end(kExtensions),
                   [&](const ExtensionObjects& extension) { return extension.name == name; });
  return found == std::end(kExtensions) ? nullptr : found;
}

}  // namespace pgsift
