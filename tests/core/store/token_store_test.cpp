// The words in which modes and sources go over the wire.
#include <QtTest>

#include "store/token_store.h"

using namespace vx11::store;

class TokenStoreTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void words_of_the_wire();
};

void TokenStoreTest::words_of_the_wire() {
  for (const Mode mode : {Mode::memory, Mode::redis, Mode::hybrid, Mode::signed_tokens}) {
    QVERIFY(parse_mode(to_string(mode)) == mode);
  }
  QCOMPARE(std::string(to_string(Mode::memory)), std::string("memory"));
  QCOMPARE(std::string(to_string(Mode::signed_tokens)), std::string("signed"));
  for (const char* word : {"", "Memory", "memory ", "signed_tokens", "local"}) QVERIFY(!parse_mode(word));
  QCOMPARE(std::string(to_string(Source::local)), std::string("local"));
  QCOMPARE(std::string(to_string(Source::redis)), std::string("redis"));
  QCOMPARE(std::string(to_string(Source::memory)), std::string("memory"));
  QCOMPARE(std::string(to_string(Source::signed_form)), std::string("signed"));
}

QTEST_GUILESS_MAIN(TokenStoreTest)
#include "token_store_test.moc"
