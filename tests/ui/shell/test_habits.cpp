// What somebody gets used to: preferences that apply at once, a layout that can be had back, and a palette that finds
// pages' verbs, profiles, instances and tokens.
#include <QCheckBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "dialogs/confirm_dialog.h"
#include "dialogs/preferences_dialog.h"
#include "dialogs/shortcuts_dialog.h"
#include "pages/overview_instance.h"
#include "pages/token_issue_form.h"
#include "pages/token_table_view.h"
#include "pages/tokens_page.h"
#include "platform/settings_store.h"
#include "shell/command_palette.h"
#include "shell/main_window.h"
#include "shell/page_list.h"
#include "shell/page_stack.h"
#include "shell/profiles.h"
#include "ui/pages/cluster_scene.h"
#include "widgets/segmented.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

class TestHabits : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<MainWindow> window_;

  [[nodiscard]] QAction* action(const char* id) { return window_->actions().get(QLatin1String(id)); }
  void open() {
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
    window_->activateWindow();
  }
  [[nodiscard]] TokenTableView& table() { return *window_->findChild<TokenTableView*>(); }
  [[nodiscard]] PreferencesDialog& preferences() {
    action("preferences")->trigger();
    return *window_->findChild<PreferencesDialog*>();
  }
  template <typename Control>
  [[nodiscard]] static Control* named(QWidget& within, const char* name) {
    for (auto* each : within.findChildren<Control*>())
      if (each->accessibleName() == QString::fromUtf8(name)) return each;
    return nullptr;
  }
  /// The rows that fit these letters.
  [[nodiscard]] QStringList find(const QString& letters) {
    auto* palette = window_->findChild<CommandPalette*>();
    if (!palette->isVisible()) action("palette")->trigger();
    palette->findChild<QLineEdit*>()->setText(letters);
    QStringList rows;
    const auto* model = palette->findChild<QListView*>()->model();
    for (int row = 0; row < model->rowCount(); ++row) rows << model->index(row, 0).data().toString();
    return rows;
  }
  void enter() { QTest::keyClick(window_->findChild<CommandPalette*>()->findChild<QLineEdit*>(), Qt::Key_Return); }

 private Q_SLOTS:
  void init() {
    dir_ = std::make_unique<QTemporaryDir>();
    themes_ = std::make_unique<ThemeManager>();
    themes_->choose(ThemeChoice::Light);
    settings_ = std::make_unique<SettingsStore>(dir_->path());
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_->filePath(QStringLiteral("profiles.json")))});
    const QDateTime wall = QDateTime::currentDateTime();
    cluster_ = std::make_unique<FakeCluster>();
    setUpHybrid(*cluster_, wall);
    addTokens(*cluster_, wall, 40);
    open();
  }
  void cleanup() {
    window_.reset();
    cluster_.reset();
  }

  void aChoiceAppliesAtOnceAndIsKept() {
    window_->showPage(PageId::Tokens);
    QCOMPARE(table().density(), Density::Normal);
    PreferencesDialog& dialog = preferences();
    named<Segmented>(dialog, "Theme")->setCurrent(2);
    QVERIFY(themes_->theme().dark);
    named<Segmented>(dialog, "Rows")->setCurrent(0);
    QCOMPARE(table().density(), Density::Compact);
    QVERIFY(action("density.compact")->isChecked());
    named<QSpinBox>(dialog, "Tokens at once")->setValue(7);
    QCOMPARE(window_->findChild<TokenIssueForm*>()->spec().count, 7);
    QVERIFY(!window_->findChild<TokenIssueForm*>()->spec().ttlSec);
    named<QSpinBox>(dialog, "TTL")->setValue(25);
    QCOMPARE(window_->findChild<TokenIssueForm*>()->spec().ttlSec, std::optional(25));
    named<QSpinBox>(dialog, "Instances of the local cluster")->setValue(5);
    named<Segmented>(dialog, "Redis of the local cluster")->setCurrent(1);
    Preferences kept;
    kept.theme = ThemeChoice::Dark;
    kept.density = Density::Compact;
    kept.issueCount = 7;
    kept.issueTtlSec = 25;
    kept.localInstances = 5;
    kept.localRedisServers = 3;
    QCOMPARE(settings_->preferences(), kept);

    window_.reset();
    open();
    window_->showPage(PageId::Tokens);
    QCOMPARE(table().density(), Density::Compact);
    QCOMPARE(window_->findChild<TokenIssueForm*>()->spec().count, 7);
  }

  void aForcedThemeIsNotKept() {
    QCOMPARE(themes_->choice(), ThemeChoice::Light);  // for this run
    action("density.compact")->trigger();
    QCOMPARE(themes_->choice(), ThemeChoice::Light);
    named<Segmented>(preferences(), "Rows")->setCurrent(2);
    QCOMPARE(themes_->choice(), ThemeChoice::Light);
    QCOMPARE(settings_->preferences().theme, ThemeChoice::System);
    QCOMPARE(settings_->preferences().density, Density::Relaxed);
    action("theme.system")->trigger();
    QCOMPARE(themes_->choice(), ThemeChoice::System);
  }

  void rowsFollowTheMenuOnEveryPage() {
    window_->showPage(PageId::Redis);
    window_->showPage(PageId::Tokens);
    action("density.relaxed")->trigger();
    for (auto* rows : window_->findChildren<QTableView*>()) {
      if (dynamic_cast<Dense*>(rows)) QCOMPARE(rows->verticalHeader()->defaultSectionSize(), 32);
    }
    QVERIFY(window_->findChildren<QTableView*>().size() >= 2);
    QVERIFY(!action("density.normal")->isChecked());
  }

  void theLayoutComesBackAtOnce() {
    window_->showPage(PageId::Tokens);
    const int width = table().columnWidth(0);
    table().setColumnWidth(0, width + 77);
    table().setColumnHidden(2, true);
    table().horizontalHeader()->moveSection(4, 1);
    window_->remember();
    window_.reset();
    open();
    QCOMPARE(window_->pages().currentId(), PageId::Tokens);
    QVERIFY(table().isColumnHidden(2));
    action("density.compact")->trigger();
    window_->dock().open(Dock::Part::Log);

    action("view.reset")->trigger();
    QCOMPARE(window_->pages().currentId(), PageId::Overview);
    QCOMPARE(window_->dock().part(), Dock::Part::Closed);
    QCOMPARE(table().columnWidth(0), width);
    QVERIFY(!table().isColumnHidden(2));
    QCOMPARE(table().horizontalHeader()->visualIndex(4), 4);
    QCOMPARE(table().density(), Density::Compact);  // a choice, and no layout
    QVERIFY(settings_->viewState(QStringLiteral("tokens")).isEmpty());
  }

  void thePaletteFindsInstances() {
    window_->showPage(PageId::Charts);
    InstanceInfo info = cluster_->instances().at(1);
    info.id = QStringLiteral("fra-2");
    cluster_->setInstance(info);
    QCOMPARE(find(QStringLiteral("fra-2")), QStringList{QStringLiteral("fra-2")});
    enter();
    QCOMPARE(window_->pages().currentId(), PageId::Overview);
    QTRY_VERIFY(qobject_cast<InstanceCard*>(window_->focusWidget()) != nullptr);
    QTRY_VERIFY(window_->focusWidget()->accessibleName().startsWith(QStringLiteral("fra-2")));
  }

  void thePaletteFindsTokens() {
    const auto wanted = cluster_->tokens().newest(3).last();
    QVERIFY(find(wanted.id.text().left(1)).filter(wanted.masked()).isEmpty());  // a letter is too few
    const QStringList rows = find(wanted.id.text());
    QCOMPARE(rows.size(), 1);
    QVERIFY2(rows.first().contains(wanted.masked()), qPrintable(rows.first()));
    enter();
    QCOMPARE(window_->pages().currentId(), PageId::Tokens);
    QTRY_COMPARE(table().selectedIds(), QList<cluster::TokenId>{wanted.id});
    QVERIFY(find(wanted.masked()).first().contains(wanted.id.text()));
  }

  void thePaletteFindsProfiles() {
    cluster::Profile profile;
    profile.name = QStringLiteral("eu-staging");
    profile.kind = cluster::ProfileKind::RemoteCluster;
    profile.environment = cluster::Environment::Staging;
    profile.instances = {QUrl(QStringLiteral("http://127.0.0.1:1"))};
    QVERIFY(profiles_->store().save(profile).has_value());
    QVERIFY(find(QStringLiteral("eust")).contains(QStringLiteral("Open eu-staging")));
  }

  void thePaletteFindsTheVerbsOfAPage() {
    QVERIFY(find(QStringLiteral("revoke all")).contains(QStringLiteral("Revoke all…")));
    QVERIFY(find(QStringLiteral("preferences")).contains(QStringLiteral("Preferences…")));
  }

  void theKeysOfTheTokensAreAsSpecified() {
    QHash<QString, QString> keys;
    for (const QAction* each : window_->pages().tokensPage().actions())
      keys.insert(each->shortcut().toString(QKeySequence::PortableText), each->text());
    QCOMPARE(keys.value(QStringLiteral("Del")), QStringLiteral("Revoke selected"));
    QCOMPARE(keys.value(QStringLiteral("Ctrl+Shift+Del")), QStringLiteral("Revoke all…"));
    QCOMPARE(keys.value(QStringLiteral("Ctrl+Shift+R")), QStringLiteral("Reveal or hide"));
    QCOMPARE(keys.value(QStringLiteral("Ctrl+C")), QStringLiteral("Copy masked row"));
    QCOMPARE(keys.value(QStringLiteral("Ctrl+Shift+C")), QStringLiteral("Copy value"));
    QCOMPARE(keys.value(QStringLiteral("Ctrl+Alt+C")), QStringLiteral("Copy as curl"));
    QCOMPARE(keys.value(QStringLiteral("Ctrl+Alt+E")), QStringLiteral("Copy as EventSource"));
  }

  void theKeysOfAPageWorkWhereItIsInView() {
    const auto pressRevokeAll = [this] {
      window_->pageList().setFocus();
      QTest::keyClick(&window_->pageList(), Qt::Key_Delete, Qt::ControlModifier | Qt::ShiftModifier);
    };
    window_->showPage(PageId::Tokens);
    window_->showPage(PageId::Overview);
    pressRevokeAll();
    QVERIFY(!window_->findChild<ConfirmDialog*>());
    window_->showPage(PageId::Tokens);
    table().selectAll();
    QTest::keyClick(&window_->pageList(), Qt::Key_Delete);  // not by accident
    QVERIFY(!window_->findChild<ConfirmDialog*>());
    pressRevokeAll();
    QTRY_VERIFY(window_->findChild<ConfirmDialog*>());
  }

  void theKeysOfThePagesAreListed() {
    action("shortcuts")->trigger();
    auto* dialog = window_->findChild<ShortcutsDialog*>();
    QStringList texts;
    for (const auto* label : dialog->findChildren<TextLabel*>()) texts << label->text();
    for (const char* text : {"Revoke selected", "Revoke all…", "Copy masked row", "Copy value", "Copy as curl",
                             "Copy as EventSource", "Reveal or hide", "Issue", "Preferences…"})
      QVERIFY2(texts.contains(QString::fromUtf8(text)), text);
  }
};

QTEST_MAIN(TestHabits)
#include "test_habits.moc"
