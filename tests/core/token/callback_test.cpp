// Callback: calls what it was given, owns it, and gives it away by moving.
#include <QtTest>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "token/callback.h"

using vx11::Callback;

class CallbackTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void calls_with_arguments_and_result();
  void moves_small_and_large_callables();
  void destroys_what_it_holds_once();
  void takes_what_cannot_be_copied();
};

void CallbackTest::calls_with_arguments_and_result() {
  Callback<int(int, int)> add = [](int a, int b) { return a + b; };
  QCOMPARE(add(2, 3), 5);
  std::string text;
  Callback<void(std::string)> keep = [&text](std::string value) { text = std::move(value); };
  keep("moved in");
  QCOMPARE(text, std::string("moved in"));
  QVERIFY(!Callback<void()>());
}

void CallbackTest::moves_small_and_large_callables() {
  const std::array<int, 64> large{1, 2, 3};
  Callback<int()> small = [] { return 7; };
  Callback<int()> big = [large] { return large[2]; };
  Callback<int()> a = std::move(small);
  Callback<int()> b = std::move(big);
  QVERIFY(!small);  // NOLINT(bugprone-use-after-move): that is the promise
  QVERIFY(!big);    // NOLINT(bugprone-use-after-move)
  QCOMPARE(a(), 7);
  QCOMPARE(b(), 3);
  std::swap(a, b);
  QCOMPARE(a(), 3);
  QCOMPARE(b(), 7);
}

void CallbackTest::destroys_what_it_holds_once() {
  const auto alive = std::make_shared<int>(1);
  const std::array<char, 100> padding{};
  {
    Callback<long()> small = [alive] { return alive.use_count(); };
    Callback<long()> large = [alive, padding] { return alive.use_count() + padding[0]; };
    QCOMPARE(alive.use_count(), 3L);
    Callback<long()> moved = std::move(small);
    QCOMPARE(alive.use_count(), 3L);
    moved = std::move(large);
    QCOMPARE(alive.use_count(), 2L);
    QCOMPARE(moved(), 2L);
  }
  QCOMPARE(alive.use_count(), 1L);
}

void CallbackTest::takes_what_cannot_be_copied() {
  Callback<int()> callback = [value = std::make_unique<int>(5)] { return *value; };
  Callback<int()> moved = std::move(callback);
  QCOMPARE(moved(), 5);
}

QTEST_GUILESS_MAIN(CallbackTest)
#include "callback_test.moc"
