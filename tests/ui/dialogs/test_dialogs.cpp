// A question defaults to Cancel and acts at most once; the lists of keys and licences hold what they promise.
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include "dialogs/about_dialog.h"
#include "dialogs/confirm_dialog.h"
#include "dialogs/shortcuts_dialog.h"

using namespace vx11::ui;

namespace {

Confirmation revoking() {
  return {QStringLiteral("Revoke all tokens"),
          QStringLiteral("Revoke all 398 live tokens on local?"),
          {{QStringLiteral("Refused at once"), QStringLiteral("398 tokens")},
           {QStringLiteral("Undo"), QStringLiteral("not possible")}},
          QStringLiteral("Revoke 398 tokens"),
          QStringLiteral("slash-circle")};
}

bool shows(const QWidget& dialog, const QString& text) {
  for (const QLabel* label : dialog.findChildren<QLabel*>())
    if (label->text() == text) return true;
  return false;
}

}  // namespace

class TestDialogs : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aQuestionShowsItsFacts() {
    const ConfirmDialog dialog(revoking());
    QVERIFY(shows(dialog, QStringLiteral("Revoke all 398 live tokens on local?")));
    QVERIFY(shows(dialog, QStringLiteral("Refused at once")));
    QVERIFY(shows(dialog, QStringLiteral("398 tokens")));
    QCOMPARE(dialog.verbButton()->text(), QStringLiteral("Revoke 398 tokens"));
    QVERIFY(!dialog.verbButton()->isDefault());
  }

  void enterAndEscCancel_data() {
    QTest::addColumn<int>("key");
    QTest::newRow("Enter") << static_cast<int>(Qt::Key_Return);
    QTest::newRow("Esc") << static_cast<int>(Qt::Key_Escape);
  }
  void enterAndEscCancel() {
    QFETCH(int, key);
    QWidget window;
    int confirmed = 0;
    ConfirmDialog* dialog = ConfirmDialog::ask(&window, revoking(), [&confirmed] { ++confirmed; });
    QTest::keyClick(dialog, static_cast<Qt::Key>(key));
    QTRY_VERIFY(!window.findChild<ConfirmDialog*>());
    QCOMPARE(confirmed, 0);
  }

  void theVerbActsOnce() {
    QWidget window;
    int confirmed = 0;
    ConfirmDialog* dialog = ConfirmDialog::ask(&window, revoking(), [&confirmed] { ++confirmed; });
    dialog->verbButton()->click();
    QTRY_VERIFY(!window.findChild<ConfirmDialog*>());
    QCOMPARE(confirmed, 1);
  }

  void onlyActionsWithKeysAreListed() {
    const ShortcutsDialog dialog(
        {{QStringLiteral("Tokens"), QStringLiteral("Issue"), {QKeySequence(Qt::CTRL | Qt::Key_N)}},
         {QStringLiteral("Help"), QStringLiteral("About"), {}}});
    QVERIFY(shows(dialog, QStringLiteral("Issue")));
    QVERIFY(shows(dialog, QStringLiteral("Tokens")));
    QVERIFY(!shows(dialog, QStringLiteral("About")));
    QVERIFY(!shows(dialog, QStringLiteral("Help")));
  }

  void aboutCarriesTheLicenceOfTheIcons() {
    const AboutDialog dialog;
    const auto* licence = dialog.findChild<QPlainTextEdit*>();
    QVERIFY(licence && licence->toPlainText().contains(QStringLiteral("The Bootstrap Authors")));
  }
};

QTEST_MAIN(TestDialogs)
#include "test_dialogs.moc"
