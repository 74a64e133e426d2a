#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QTest>

#include "platform/clipboard_guard.h"

using vx11::ui::ClipboardGuard;

class TestClipboardGuard : public QObject {
  Q_OBJECT
  static QClipboard& clipboard() { return *QGuiApplication::clipboard(); }

 private Q_SLOTS:
  void init() { clipboard().setText(QStringLiteral("before")); }

  void marksSecretsForManagers() {
    ClipboardGuard guard;
    guard.copySecret(QStringLiteral("s3cret"), ClipboardGuard::Kind::Principal, 30'000);
    QCOMPARE(clipboard().text(), QStringLiteral("s3cret"));
    QCOMPARE(clipboard().mimeData()->data(QStringLiteral("x-kde-passwordManagerHint")), QByteArray("secret"));
    QVERIFY(guard.holdsSecret());
    QCOMPARE(guard.secondsLeft(), 30);
    QCOMPARE(guard.kind(), ClipboardGuard::Kind::Principal);
  }

  void clearsAtTheEnd() {
    ClipboardGuard guard;
    QSignalSpy changed(&guard, &ClipboardGuard::changed);
    guard.copySecret(QStringLiteral("short"), ClipboardGuard::Kind::Token, 30);
    QTRY_VERIFY(!guard.holdsSecret());
    QVERIFY(clipboard().text().isEmpty());
    QCOMPARE(guard.secondsLeft(), 0);
    QVERIFY(changed.count() >= 2);
  }

  void countsEverySecond() {
    ClipboardGuard guard;
    guard.copySecret(QStringLiteral("counted"), ClipboardGuard::Kind::Token, 1'040);
    QCOMPARE(guard.secondsLeft(), 2);
    QSignalSpy changed(&guard, &ClipboardGuard::changed);
    QTRY_VERIFY(changed.count() >= 1);
    QCOMPARE(guard.secondsLeft(), 1);
  }

  void endedTokenIsClearedAtOnce() {
    ClipboardGuard guard;
    guard.copySecret(QStringLiteral("late"), ClipboardGuard::Kind::Token, -5);
    QVERIFY(!guard.holdsSecret());
    QVERIFY(clipboard().text().isEmpty());
  }

  void leavesOthersAlone() {
    ClipboardGuard guard;
    guard.copySecret(QStringLiteral("mine"), ClipboardGuard::Kind::Token, 60'000);
    clipboard().setText(QStringLiteral("someone else's"));
    QVERIFY(!guard.holdsSecret());
    guard.clearNow();
    QCOMPARE(clipboard().text(), QStringLiteral("someone else's"));
  }

  void plainTextIsForgotten() {
    ClipboardGuard guard;
    guard.copySecret(QStringLiteral("mine"), ClipboardGuard::Kind::Token, 60'000);
    guard.copyPlain(QStringLiteral("3f9a…c21e"));
    QVERIFY(!guard.holdsSecret());
    guard.clearNow();
    QCOMPARE(clipboard().text(), QStringLiteral("3f9a…c21e"));
  }

  void endingTheConsoleClears() {
    {
      ClipboardGuard guard;
      guard.copySecret(QStringLiteral("mine"), ClipboardGuard::Kind::Principal, 30'000);
    }
    QVERIFY(clipboard().text().isEmpty());
    {
      ClipboardGuard guard;
      guard.copyPlain(QStringLiteral("curl"));
    }
    QCOMPARE(clipboard().text(), QStringLiteral("curl"));
  }
};

QTEST_MAIN(TestClipboardGuard)
#include "test_clipboard_guard.moc"
