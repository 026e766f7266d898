#include "ingest/log/language.h"

#include <gtest/gtest.h>

#include "ingest/log/log_syntax.h"
#include "ingest/log/prefix.h"
#include "tests/ingest/log/workload_text.h"

namespace pgsift {
namespace {

struct Translated {
  const char* language;
  const char* log;  // What follows the prefix, lines in between.
};

class LanguageTest : public testing::TestWithParam<Translated> {};

// Each says: one statement of 1.5 ms, one execution of 2.5 ms with its parameters, a division by
// zero with its statement, a temporary file of 70000 bytes, and a wait for a lock held by 7 (whose
// DETAIL the server does not translate).
TEST_P(LanguageTest, SaysWhatEnglishSays) {
  std::string log;
  std::string_view lines = GetParam().log;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    log += "2026-11-24 10:00:00.000 UTC [9] bob@shop ";
    log.append(lines.substr(0, end)).append("\n");
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  LogSyntax syntax;
  std::string error;
  ASSERT_TRUE(DetectSyntax(log, {}, &syntax, &error)) << error;
  ASSERT_NE(syntax.language, nullptr);
  EXPECT_EQ(syntax.language->name(), GetParam().language);
  Workload workload;
  LogReader reader(log, 0, syntax.prefix);
  LogRecord record;
  Language::Texts texts;
  while (reader.Next(&record)) {
    syntax.language->Translate(&record, &texts);
    workload.Add(record);
  }
  workload.Finish(1);
  const WorkloadTotals& totals = workload.totals();
  EXPECT_EQ(reader.damage().bytes, 0u);
  EXPECT_EQ(totals.statements, 2u);
  EXPECT_EQ(totals.total_us, 4000);
  ASSERT_EQ(totals.queries.size(), 3u);
  EXPECT_EQ(totals.queries[0].parameters, "$1 = '5'");
  EXPECT_EQ(totals.queries[0].query, "select * from t where a = $1");
  EXPECT_EQ(totals.events[static_cast<size_t>(Event::kDivisionByZero)].count, 1u);
  ASSERT_EQ(totals.errors.size(), 1u);
  EXPECT_EQ(totals.errors[0].statement, "select 1 / 0");
  EXPECT_EQ(totals.temp_files.bytes, 70000u);
  ASSERT_EQ(totals.locks.examples.size(), 1u);
  EXPECT_EQ(totals.locks.examples[0].holders, "7");
  EXPECT_EQ(totals.locks.examples[0].mode, "ShareLock");
  EXPECT_EQ(totals.locks.examples[0].waited_us, 1000123);
}

// The first lines of a file may be from before lc_messages was read, or changed.
TEST(Language, AFewLinesInAnotherAreNotTheLogs) {
  std::string log = "2026-11-24 10:00:00.000 UTC [9] LOG:  starting\n";
  for (int i = 0; i < 10; ++i) {
    log +=
        "2026-11-24 10:00:00.000 UTC [9] СООБЩЕНИЕ:  продолжительность: 1.500 мс, оператор: SELECT "
        "1\n";
  }
  const PrefixGuess guess = DetectPrefix(log);
  ASSERT_NE(guess.language, nullptr);
  EXPECT_EQ(guess.language->name(), "ru");
  EXPECT_EQ(guess.matched, 11u);
}

// The server continues a message with a tab.
TEST(Language, AMessageThatALanguageBreaksIsOne) {
  const std::string text =
      "déconnexion : durée de la session : 0:00:00.026\n\tutilisateur=bob base=shop hôte=[local]";
  for (const std::unique_ptr<Language>& language : Language::All()) {
    if (language->name() != "fr") continue;
    LogRecord record;
    record.message = text;
    Language::Texts texts;
    language->Translate(&record, &texts);
    EXPECT_EQ(record.message,
              "disconnection: session time: 0:00:00.026 user=bob database=shop host=[local]");
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, LanguageTest,
    testing::Values(
        Translated{"de",
                   "LOG:  Dauer: 1.500 ms  Anweisung: select 1\n"
                   "LOG:  Dauer: 2.500 ms  Ausführen <unnamed>: select * from t where a = $1\n"
                   "DETAIL:  Parameter: $1 = '5'\n"
                   "FEHLER:  Division durch Null\n"
                   "ANWEISUNG:  select 1 / 0\n"
                   "LOG:  temporäre Datei: Pfad »base/pgsql_tmp/pgsql_tmp9.0«, Größe 70000\n"
                   "LOG:  Prozess 9 wartet immer noch auf ShareLock-Sperre auf Transaktion 4 nach "
                   "1000,123 ms\n"
                   "DETAIL:  Process holding the lock: 7. Wait queue: 9.\n"},
        Translated{"fr",
                   "LOG:  durée : 1.500 ms, instruction : select 1\n"
                   "LOG:  durée : 2.500 ms  exécute <unnamed>: select * from t where a = $1\n"
                   "DÉTAIL:  paramètres : $1 = '5'\n"
                   "ERREUR:  division par zéro\n"
                   "INSTRUCTION :  select 1 / 0\n"
                   "LOG:  fichier temporaire : chemin « base/pgsql_tmp/pgsql_tmp9.0 », taille "
                   "70000\n"
                   "LOG:  le processus 9 est toujours en attente de ShareLock sur transaction 4 "
                   "après 1000.123 ms\n"
                   "DÉTAIL:  Process holding the lock: 7. Wait queue: 9.\n"},
        Translated{
            "ru",
            "СООБЩЕНИЕ:  продолжительность: 1.500 мс, оператор: select 1\n"
            "СООБЩЕНИЕ:  продолжительность: 2.500 мс  выполнение <unnamed>: select * from t "
            "where a = $1\n"
            "ПОДРОБНОСТИ:  параметры: $1 = '5'\n"
            "ОШИБКА:  деление на ноль\n"
            "ОПЕРАТОР:  select 1 / 0\n"
            "СООБЩЕНИЕ:  временный файл: путь \"base/pgsql_tmp/pgsql_tmp9.0\", размер 70000\n"
            "СООБЩЕНИЕ:  процесс 9 продолжает ожидать в режиме ShareLock блокировку "
            "\"транзакция 4\" в течение 1000.123 мс\n"
            "ПОДРОБНОСТИ:  Process holding the lock: 7. Wait queue: 9.\n"},
        Translated{
            "ja",
            "LOG:  期間: 1.500 ミリ秒  文: select 1\n"
            "LOG:  期間: 2.500 ミリ秒  実行 <unnamed>: select * from t where a = $1\n"
            "詳細:  パラメータ: $1 = '5'\n"
            "ERROR:  0 による除算が行われました\n"
            "文:  select 1 / 0\n"
            "LOG:  一時ファイル: パス \"base/pgsql_tmp/pgsql_tmp9.0\"、サイズ 70000\n"
            "LOG:  プロセス9はShareLockをトランザクション 4で待機しています。1000.123ミリ秒後\n"
            "詳細:  Process holding the lock: 7. Wait queue: 9.\n"}));

TEST(LanguageTest, EnglishIsNone) {
  LogSyntax syntax;
  std::string error;
  ASSERT_TRUE(DetectSyntax(SampleLog("pg15_stderr.log"), {}, &syntax, &error));
  EXPECT_EQ(syntax.language, nullptr);
}

}  // namespace
}  // namespace pgsift
