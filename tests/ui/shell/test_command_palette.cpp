#include <QLineEdit>
#include <QListView>
#include <QTest>

#include "shell/action_registry.h"
#include "shell/command_palette.h"

using namespace vx11::ui;

class TestCommandPalette : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void findsAndRuns() {
    QWidget window;
    window.resize(1000, 600);
    ActionRegistry registry(&window);
    for (const char* text : {"Tokens", "Roll back…", "Copy principal"})
      registry.add(
          {QLatin1String(text), QString::fromUtf8(text), QStringLiteral("Pages"), QStringLiteral("help"), {}, {}});
    CommandPalette palette(registry, &window);
    window.show();
    palette.popUp(40);
    auto* field = palette.findChild<QLineEdit*>();
    auto* list = palette.findChild<QListView*>();
    QCOMPARE(list->model()->rowCount(), 3);

    int ran = 0;
    connect(registry.get(QStringLiteral("Copy principal")), &QAction::triggered, this, [&ran] { ++ran; });
    QTest::keyClicks(field, QStringLiteral("cp"));
    QCOMPARE(list->model()->rowCount(), 1);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(ran, 1);
    QVERIFY(!palette.isVisible());
  }

  void findsWhatElseThereIs() {
    QWidget window;
    window.resize(1000, 600);
    ActionRegistry registry(&window);
    registry.add({QStringLiteral("open"), QStringLiteral("Open the door"), QStringLiteral("House"),
                  QStringLiteral("help"), {}, {}});
    CommandPalette palette(registry, &window);
    QString asked;
    int ran = 0;
    palette.setMore([&](const QString& letters) {
      asked = letters;
      return QList<PaletteEntry>{
          {QStringLiteral("Open eu-staging"), QStringLiteral("Profiles"), {}, {}, {}, [&ran] { ++ran; }},
          {QStringLiteral("Open eu-prod"), QStringLiteral("Profiles"), {}, {}, QStringLiteral("It is open"), {}}};
    });
    window.show();
    palette.popUp(40);
    auto* field = palette.findChild<QLineEdit*>();
    auto* list = palette.findChild<QListView*>();
    QCOMPARE(list->model()->rowCount(), 3);
    QTest::keyClicks(field, QStringLiteral("eup"));
    QCOMPARE(asked, QStringLiteral("eup"));
    QCOMPARE(list->model()->rowCount(), 1);
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(palette.isVisible());  // it is open already
    field->clear();
    QTest::keyClicks(field, QStringLiteral("eust"));
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(ran, 1);
    QVERIFY(!palette.isVisible());
  }

  void disabledIsListedWithItsReason() {
    QWidget window;
    window.resize(1000, 600);
    ActionRegistry registry(&window);
    registry.add(
        {QStringLiteral("test"), QStringLiteral("Test"), QStringLiteral("Tests"), QStringLiteral("help"), {}, {}});
    registry.setReason(QStringLiteral("test"), QStringLiteral("Needs more than one instance"));
    CommandPalette palette(registry, &window);
    window.show();
    palette.popUp(40);
    auto* list = palette.findChild<QListView*>();
    QCOMPARE(list->model()->rowCount(), 1);
    QVERIFY(list->model()->index(0, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("Needs more")));
    QTest::keyClick(palette.findChild<QLineEdit*>(), Qt::Key_Return);
    QVERIFY(palette.isVisible());
    QTest::keyClick(palette.findChild<QLineEdit*>(), Qt::Key_Escape);
    QVERIFY(!palette.isVisible());
  }
};

QTEST_MAIN(TestCommandPalette)
#include "test_command_palette.moc"
