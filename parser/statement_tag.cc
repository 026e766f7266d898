#include "parser/statement_tag.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace pgsift {
namespace {

// Words of the statement's beginning, upper case, at most `words_max`.
std::string FirstWords(std::string_view sql, size_t words_max) {
  std::string words;
  size_t count = 0;
  size_t at = 0;
  while (at < sql.size() && count < words_max) {
    while (at < sql.size() && std::isspace(static_cast<unsigned char>(sql[at])) != 0) ++at;
    const size_t begin = at;
    while (at < sql.size() && std::isalpha(static_cast<unsigned char>(sql[at])) != 0) ++at;
    if (at == begin) break;
    if (!words.empty()) words += ' ';
    for (char c : sql.substr(begin, at - begin)) {
      words += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    ++count;
  }
  return words;
}

// "CreateRoleStmt" -> "CREATE ROLE".
std::string FromNodeName(std::string_view node) {
  if (node.ends_with("Stmt")) node.remove_suffix(4);
  std::string tag;
  for (char c : node) {
    if (c >= 'A' && c <= 'Z' && !tag.empty()) tag += ' ';
    tag += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return tag;
}

std::string TransactionTag(const TransactionCommand& command) {
  using Kind = TransactionCommand::Kind;
  switch (command.kind) {
    case Kind::kBegin:
      return "BEGIN";
    case Kind::kCommit:
      return "COMMIT";
    case Kind::kRollback:
    case Kind::kRollbackTo:
      return "ROLLBACK";
    case Kind::kSavepoint:
      return "SAVEPOINT";
    case Kind::kRelease:
      return "RELEASE";
    case Kind::kPrepare:
      return "PREPARE TRANSACTION";
    case Kind::kCommitPrepared:
      return "COMMIT PREPARED";
    case Kind::kRollbackPrepared:
      return "ROLLBACK PREPARED";
  }
  return "BEGIN";
}

struct TagOf {
  const Statement& statement;

  std::string operator()(const UnparsedStatement&) const { return FirstWords(statement.sql, 2); }
  std::string operator()(const OtherStatement& other) const { return FromNodeName(other.node); }
  std::string operator()(const Select&) const { return "SELECT"; }
  std::string operator()(const Insert&) const { return "INSERT"; }
  std::string operator()(const Update&) const { return "UPDATE"; }
  std::string operator()(const Delete&) const { return "DELETE"; }
  std::string operator()(const Merge&) const { return "MERGE"; }
  std::string operator()(const CreateTable& s) const {
    return s.foreign ? "CREATE FOREIGN TABLE" : "CREATE TABLE";
  }
  std::string operator()(const CreateTableAs& s) const {
    if (s.materialized_view) return "CREATE MATERIALIZED VIEW";
    return s.select_into ? "SELECT INTO" : "CREATE TABLE AS";
  }
  std::string operator()(const AlterTable& s) const {
    return "ALTER " + std::string(ObjectKindSql(s.object));
  }
  std::string operator()(const CreateIndex&) const { return "CREATE INDEX"; }
  std::string operator()(const Drop& s) const {
    return "DROP " + std::string(ObjectKindSql(s.object));
  }
  std::string operator()(const Rename& s) const {
    const bool part = s.object == ObjectKind::kColumn || s.object == ObjectKind::kAttribute ||
                      s.object == ObjectKind::kTableConstraint;
    const ObjectKind kind = part && s.relation_object != ObjectKind::kOther ? s.relation_object
                            : part                                          ? ObjectKind::kTable
                                                                            : s.object;
    return "ALTER " + std::string(ObjectKindSql(kind));
  }
  std::string operator()(const SetSchema& s) const {
    return "ALTER " + std::string(ObjectKindSql(s.object));
  }
  std::string operator()(const ChangeOwner& s) const {
    return "ALTER " + std::string(ObjectKindSql(s.object));
  }
  std::string operator()(const CreateSchema&) const { return "CREATE SCHEMA"; }
  std::string operator()(const CreateSequence&) const { return "CREATE SEQUENCE"; }
  std::string operator()(const AlterSequence&) const { return "ALTER SEQUENCE"; }
  std::string operator()(const CreateEnum&) const { return "CREATE TYPE"; }
  std::string operator()(const AlterEnum&) const { return "ALTER TYPE"; }
  std::string operator()(const CreateDomain&) const { return "CREATE DOMAIN"; }
  std::string operator()(const AlterDomain&) const { return "ALTER DOMAIN"; }
  std::string operator()(const CreateCompositeType&) const { return "CREATE TYPE"; }
  std::string operator()(const CreateRangeType&) const { return "CREATE TYPE"; }
  std::string operator()(const CreateView&) const { return "CREATE VIEW"; }
  std::string operator()(const RefreshMaterializedView&) const {
    return "REFRESH MATERIALIZED VIEW";
  }
  std::string operator()(const CreateFunction& s) const {
    return s.procedure ? "CREATE PROCEDURE" : "CREATE FUNCTION";
  }
  std::string operator()(const DoBlock&) const { return "DO"; }
  std::string operator()(const CreateTrigger&) const { return "CREATE TRIGGER"; }
  std::string operator()(const CreateRule&) const { return "CREATE RULE"; }
  std::string operator()(const CreatePolicy&) const { return "CREATE POLICY"; }
  std::string operator()(const AlterPolicy&) const { return "ALTER POLICY"; }
  std::string operator()(const CreateExtension&) const { return "CREATE EXTENSION"; }
  std::string operator()(const CreateStatistics&) const { return "CREATE STATISTICS"; }
  std::string operator()(const CreatePublication&) const { return "CREATE PUBLICATION"; }
  std::string operator()(const AlterPublication&) const { return "ALTER PUBLICATION"; }
  std::string operator()(const CommentOn&) const { return "COMMENT"; }
  std::string operator()(const Grant& s) const { return s.revoke ? "REVOKE" : "GRANT"; }
  std::string operator()(const Truncate&) const { return "TRUNCATE TABLE"; }
  std::string operator()(const LockTable&) const { return "LOCK TABLE"; }
  std::string operator()(const Vacuum& s) const { return s.is_vacuum ? "VACUUM" : "ANALYZE"; }
  std::string operator()(const Cluster&) const { return "CLUSTER"; }
  std::string operator()(const Reindex&) const { return "REINDEX"; }
  std::string operator()(const Copy&) const { return "COPY"; }
  std::string operator()(const Explain&) const { return "EXPLAIN"; }
  std::string operator()(const SetVariable& s) const {
    if (s.system) return "ALTER SYSTEM";
    return s.reset ? "RESET" : "SET";
  }
  std::string operator()(const TransactionCommand& s) const { return TransactionTag(s); }
  std::string operator()(const SetConstraints&) const { return "SET CONSTRAINTS"; }
  std::string operator()(const Call&) const { return "CALL"; }
  std::string operator()(const Prepare&) const { return "PREPARE"; }
  std::string operator()(const Execute&) const { return "EXECUTE"; }
  std::string operator()(const DeclareCursor&) const { return "DECLARE CURSOR"; }
  std::string operator()(const RoleOwned& s) const {
    return s.reassign ? "REASSIGN OWNED" : "DROP OWNED";
  }
  std::string operator()(const DependsOnExtension& s) const {
    return "ALTER " + std::string(ObjectKindSql(s.object));
  }
  std::string operator()(const MoveAllInTablespace& s) const {
    return "ALTER " + std::string(ObjectKindSql(s.object));
  }
  std::string operator()(const SecurityLabel&) const { return "SECURITY LABEL"; }
};

}  // namespace

std::string_view ObjectKindSql(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::kMaterializedView:
      return "MATERIALIZED VIEW";
    case ObjectKind::kForeignTable:
      return "FOREIGN TABLE";
    case ObjectKind::kTableConstraint:
    case ObjectKind::kDomainConstraint:
      return "CONSTRAINT";
    case ObjectKind::kForeignDataWrapper:
      return "FOREIGN DATA WRAPPER";
    case ObjectKind::kForeignServer:
      return "SERVER";
    case ObjectKind::kEventTrigger:
      return "EVENT TRIGGER";
    case ObjectKind::kAccessMethod:
      return "ACCESS METHOD";
    case ObjectKind::kOperatorClass:
      return "OPERATOR CLASS";
    case ObjectKind::kOperatorFamily:
      return "OPERATOR FAMILY";
    case ObjectKind::kStatistics:
      return "STATISTICS";
    case ObjectKind::kTextConfiguration:
      return "TEXT SEARCH CONFIGURATION";
    case ObjectKind::kTextDictionary:
      return "TEXT SEARCH DICTIONARY";
    case ObjectKind::kTextParser:
      return "TEXT SEARCH PARSER";
    case ObjectKind::kTextTemplate:
      return "TEXT SEARCH TEMPLATE";
    default:
      break;
  }
  struct Entry {
    ObjectKind kind;
    std::string_view word;
  };
  static constexpr Entry kEntries[] = {
#define PGSIFT_KIND(name, word) {ObjectKind::k##name, #word},
      PGSIFT_OBJECT_KINDS(PGSIFT_KIND)
#undef PGSIFT_KIND
  };
  return kEntries[static_cast<size_t>(kind)].word;
}

std::string StatementTag(const Statement& statement) {
  return std::visit(TagOf{statement}, statement.node);
}

}  // namespace pgsift
