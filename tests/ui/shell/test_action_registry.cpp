// Every action of the window: words, tool tip, an icon that exists, and no key twice.
#include <QHash>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>
#include <algorithm>

#include "shell/action_registry.h"
#include "shell/action_table.h"
#include "shell/page_catalog.h"

using namespace vx11::ui;

class TestActionRegistry : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void everyActionExplainsItself() {
    QWidget window;
    ActionRegistry registry(&window);
    for (const ActionSpec& spec : windowActions()) registry.add(spec);
    QVERIFY(registry.all().size() > 25);
    for (const QAction* action : registry.all()) {
      QVERIFY2(!ActionRegistry::plainText(action).isEmpty(), qPrintable(action->objectName()));
      QVERIFY2(!action->toolTip().isEmpty(), qPrintable(action->objectName()));
      QVERIFY2(!ActionRegistry::placeOf(action).isEmpty(), qPrintable(action->objectName()));
      if (!action->icon().isNull()) QVERIFY(!action->icon().pixmap(16).isNull());
    }
  }

  void noKeyTwice() {
    QHash<QString, QString> owners;
    for (const ActionSpec& spec : windowActions())
      for (const QKeySequence& key : spec.keys) {
        const QString text = key.toString(QKeySequence::PortableText);
        QVERIFY2(!text.isEmpty(), qPrintable(spec.id));
        QVERIFY2(!owners.contains(text), qPrintable(text + u' ' + spec.id + u' ' + owners.value(text)));
        owners.insert(text, spec.id);
      }
    QCOMPARE(owners.value(QStringLiteral("Ctrl+N")), QStringLiteral("issue"));
    QCOMPARE(owners.value(QStringLiteral("Ctrl+8")), QStringLiteral("page.rollback"));
  }

  void everyActionHasAKey() {
    for (const ActionSpec& spec : windowActions()) QVERIFY2(!spec.keys.isEmpty(), qPrintable(spec.id));
  }

  /// The table of the visual specification, as far as it is the window's and not a page's.
  void keysAsSpecified_data() {
    QTest::addColumn<QString>("keys");
    QTest::addColumn<QString>("id");
    const std::pair<const char*, const char*> table[] = {
        {"Ctrl+K", "palette"},       {"Ctrl+F", "filter"},       {"/", "filter"},
        {"Ctrl+1", "page.overview"}, {"Ctrl+2", "page.tokens"},  {"Ctrl+3", "page.charts"},
        {"Ctrl+4", "page.redis"},    {"Ctrl+5", "page.matrix"},  {"Ctrl+6", "page.streams"},
        {"Ctrl+7", "page.trials"},   {"Ctrl+8", "page.rollback"}, {"Ctrl+L", "dock.log"},
        {"Ctrl+PgUp", "page.previous"}, {"Ctrl+PgDown", "page.next"}, {"Ctrl+N", "issue"},
        {"Ctrl+E", "check"},         {"Ctrl+T", "test"},         {"Ctrl+B", "rollback"},
        {"F5", "run"},               {"Ctrl+.", "pause"},        {"Ctrl+O", "profile.switch"},
        {"Ctrl+Shift+N", "profile.new"}, {"Ctrl+Shift+L", "readonly"}, {"F8", "dock.alerts"},
        {"Shift+F8", "alerts.acknowledge"},
        {"Ctrl+S", "save"},          {"Esc", "escape"},          {"F1", "shortcuts"},
        {"Ctrl+?", "shortcuts"},
    };
    for (const auto& [keys, id] : table) QTest::addRow("%s", keys) << QString::fromLatin1(keys) << QString::fromLatin1(id);
  }
  void keysAsSpecified() {
    QFETCH(QString, keys);
    QFETCH(QString, id);
    const auto all = windowActions();
    const auto found = std::find_if(all.begin(), all.end(), [&](const ActionSpec& spec) { return spec.id == id; });
    QVERIFY(found != all.end());
    QVERIFY(found->keys.contains(QKeySequence(keys, QKeySequence::PortableText)));
  }

  void mnemonicsDifferWithinAMenu() {
    // The texts of the top verbs carry one mnemonic at most, else Alt would cycle.
    for (const ActionSpec& spec : windowActions()) QVERIFY2(spec.text.count(u'&') <= 1, qPrintable(spec.text));
  }

  void aDisabledActionSaysWhy() {
    QWidget window;
    ActionRegistry registry(&window);
    registry.add({QStringLiteral("test"),
                  QStringLiteral("&Test"),
                  QStringLiteral("Tests"),
                  QStringLiteral("Test it"),
                  {},
                  {QKeySequence(Qt::CTRL | Qt::Key_T)}});
    QAction* action = registry.get(QStringLiteral("test"));
    QVERIFY(action->toolTip().startsWith(QStringLiteral("Test it")));
    registry.setReason(QStringLiteral("test"), QStringLiteral("Needs more than one instance"));
    QVERIFY(!action->isEnabled());
    QCOMPARE(action->toolTip(), QStringLiteral("Needs more than one instance"));
    registry.setReason(QStringLiteral("test"), {});
    QVERIFY(action->isEnabled());
    QVERIFY(action->toolTip().contains(QStringLiteral("Test it")));
  }

  void theSameFaceAgainChangesNothing() {
    QWidget window;
    ActionRegistry registry(&window);
    const QString id = QStringLiteral("server"), start = QStringLiteral("&Start"), stop = QStringLiteral("&Stop");
    const QString play = QStringLiteral("play-fill"), circle = QStringLiteral("stop-circle");
    registry.add({id, stop, QStringLiteral("Server"), QStringLiteral("Stops it"), circle, {}});
    const QAction* action = registry.get(id);
    const qint64 before = action->icon().cacheKey();
    QSignalSpy changed(action, &QAction::changed);
    registry.setFace(id, stop, circle);
    QCOMPARE(changed.count(), 0);
    registry.setFace(id, start, play);
    QVERIFY(changed.count() > 0);
    QCOMPARE(action->text(), start);
    const qint64 now = action->icon().cacheKey();
    QVERIFY(now != before);
    registry.setFace(id, start, circle);  // one of the two is enough
    QVERIFY(action->icon().cacheKey() != now);
    registry.setFace(id, stop, circle);
    QCOMPARE(action->text(), stop);
    changed.clear();
    registry.setFace(id, stop, circle);
    QCOMPARE(changed.count(), 0);
  }

  void pagesWithoutReasonWork() {
    const auto pages = pageCatalog();
    QCOMPARE(pages.size(), 8);
    for (int i = 0; i < pages.size(); ++i) QCOMPARE(static_cast<int>(pages[i].id), i);
    QVERIFY(pageEntry(PageId::Tokens).works());
    QVERIFY(pageEntry(PageId::Redis).works());
    QVERIFY(pageEntry(PageId::Streams).works());
    QVERIFY(!pageEntry(PageId::Trials).works());
  }
};

QTEST_MAIN(TestActionRegistry)
#include "test_action_registry.moc"
