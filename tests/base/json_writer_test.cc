#include "base/json_writer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace pgsift {
namespace {

TEST(JsonWriter, WritesNestedValuesThatAnotherReaderReads) {
  for (const auto layout : {JsonWriter::Layout::kCompact, JsonWriter::Layout::kIndented}) {
    JsonWriter json(layout);
    json.BeginObject().Field("a", 1).Field("b", "x\"\\\n\x01").Key("c").BeginArray();
    json.Number(1.5).Bool(true).Null().BeginObject().EndObject().EndArray().EndObject();
    const auto read = nlohmann::json::parse(json.Take());
    EXPECT_EQ(read["a"], 1);
    EXPECT_EQ(read["b"], "x\"\\\n\x01");
    EXPECT_EQ(read["c"].size(), 4u);
  }
}

TEST(JsonWriter, ReplacesAndCountsBytesThatAreNotUtf8) {
  JsonWriter json;
  json.BeginArray().String("ok \xc3\xa9").String("bad \xff\xc0").EndArray();
  EXPECT_EQ(json.replaced_bytes(), 2u);
  EXPECT_EQ(nlohmann::json::parse(json.Take())[1], "bad \ufffd\ufffd");
}

TEST(JsonWriter, HtmlSafeTextCannotCloseAScript) {
  JsonWriter json(JsonWriter::Layout::kCompact, true);
  json.String("</script><img>&");
  const std::string text = json.Take();
  EXPECT_EQ(text.find('<'), text.npos);
  EXPECT_EQ(nlohmann::json::parse(text), "</script><img>&");
}

TEST(JsonWriter, NumbersThatJsonLacksAreNull) {
  JsonWriter json;
  json.BeginArray().Number(NAN).Number(INFINITY).Rounded(0.1 + 0.2, 3).EndArray();
  EXPECT_EQ(json.Take(), "[null,null,0.3]");
}

}  // namespace
}  // namespace pgsift
