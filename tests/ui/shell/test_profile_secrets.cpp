// Secrets of profiles over a keychain: touched when one that is there is opened or saved, never at start, and no file
// ever holds one.
#include <QDirIterator>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "cluster/profile_transfer.h"
#include "cluster/rollback_store.h"
#include "core/cluster/fake_cluster.h"
#include "dialogs/confirm_dialog.h"
#include "dialogs/profile_dialog.h"
#include "dialogs/profile_form.h"
#include "dialogs/secret_field.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/profile_commands.h"
#include "shell/profile_files.h"
#include "shell/profiles.h"
#include "shell/status_bar.h"
#include "support/fake_secret_store.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::Profile;
using cluster::SecretKind;
using cluster::testing::FakeCluster;

class TestProfileSecrets : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<testing::FakeSecretStore> keychain_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<MainWindow> window_;

  /// As a new start of the console: nothing is known but what was saved.
  void start(const Profile& opened = Profiles::localServer(), const char* environment = "") {
    window_.reset();
    settings_ = std::make_unique<SettingsStore>(dir_->path());
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_->filePath(QStringLiteral("profiles.json"))),
                               Secret(environment), [] { return std::nullopt; }, keychain_.get()});
    cluster_ = std::make_unique<FakeCluster>();
    cluster_->setProfile(opened);
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
  }
  ProfileCommands& commands() const { return *window_->findChild<ProfileCommands*>(); }
  ProfileDialog* dialog() const {
    const auto all = window_->findChildren<ProfileDialog*>();
    return all.isEmpty() ? nullptr : all.last();
  }
  [[nodiscard]] static ProfileInput bySentinels(bool keeps) {
    ProfileInput typed = input(keeps);
    typed.redis = QStringLiteral("redis+sentinel://ops@127.0.0.1:2,127.0.0.1:3/mymaster");
    typed.sentinelUser = QStringLiteral("watcher");
    return typed;
  }
  [[nodiscard]] static ProfileInput input(bool keeps) {
    ProfileInput typed;
    typed.name = QStringLiteral("eu");
    typed.instances = QStringLiteral("http://127.0.0.1:1");
    typed.redis = QStringLiteral("redis://ops@127.0.0.1:2/0");
    typed.reload = QStringLiteral("nginx -s reload");
    typed.keepsSecrets = keeps;
    return typed;
  }
  /// Through the dialog, as a person would; the profile as it was saved.
  Profile connectTo(const ProfileInput& typed) {
    commands().connectToCluster();
    dialog()->form().setInput(typed);
    dialog()->form().principal().setText(QStringLiteral("planted-principal"));
    dialog()->form().redisPassword().setText(QStringLiteral("planted-password"));
    dialog()->form().sentinelPassword().setText(QStringLiteral("planted-sentinels"));
    dialog()->saveButton().click();
    settle();
    return profiles_->remoteClusters().first();
  }
  void settle() const {
    QTRY_VERIFY(!dialog());
    QTest::qWait(0);  // handlers come from the event loop
    QCoreApplication::processEvents();
  }
  [[nodiscard]] bool keeps(const Profile& profile) const {
    return keychain_->holds(profile.id, SecretKind::Principal, "planted-principal") &&
           keychain_->holds(profile.id, SecretKind::RedisPassword, "planted-password");
  }

 private Q_SLOTS:
  void initTestCase() { themes_ = std::make_unique<ThemeManager>(); }
  void init() {
    dir_ = std::make_unique<QTemporaryDir>();
    qputenv("XDG_STATE_HOME", dir_->path().toLocal8Bit());
    keychain_ = std::make_unique<testing::FakeSecretStore>();
    start();
  }
  void cleanup() { window_.reset(); }

  void keptWhereItIsWantedAndFetchedOnlyWhenOpened() {
    const Profile saved = connectTo(input(true));
    QVERIFY(keeps(saved));
    const int before = keychain_->touches();

    start();  // the next run
    QTest::qWait(20);
    window_->actions().get(QStringLiteral("profile.switch"))->trigger();  // the list of profiles, too
    QCOMPARE(keychain_->touches(), before);
    QVERIFY(!profiles_->isEntered(saved));
    QSignalSpy opened(profiles_.get(), &Profiles::openRequested);
    commands().open(saved);
    QCOMPARE(opened.count(), 0);
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(keychain_->reads, 2);
    QVERIFY(profiles_->secretsOf(saved).principal.equals("planted-principal"));
    QVERIFY(profiles_->secretsOf(saved).redisPassword.equals("planted-password"));
    QVERIFY(!dialog());  // nothing has to be typed
    commands().open(saved);
    QCOMPARE(keychain_->reads, 2);  // once in a run
  }

  void soIsTheSentinels() {
    const Profile saved = connectTo(bySentinels(true));
    QCOMPARE(saved.sentinelUser, QStringLiteral("watcher"));
    QVERIFY(keeps(saved));
    QVERIFY(keychain_->holds(saved.id, SecretKind::SentinelPassword, "planted-sentinels"));

    start();
    QSignalSpy opened(profiles_.get(), &Profiles::openRequested);
    commands().open(saved);
    QTRY_COMPARE(opened.count(), 1);
    QCOMPARE(keychain_->reads, 3);
    QVERIFY(profiles_->secretsOf(saved).sentinelPassword.equals("planted-sentinels"));

    // Of no use to another URL: it leaves the keychain.
    commands().edit(saved);
    dialog()->form().setInput(input(true));
    dialog()->saveButton().click();
    settle();
    QVERIFY(keeps(saved));
    QCOMPARE(keychain_->secrets.size(), 2);
    QVERIFY(profiles_->remoteClusters().first().sentinelUser.isEmpty());
  }

  void onlyTheLastWishCounts() {
    const Profile saved = connectTo(input(true));
    start();
    QSignalSpy opened(profiles_.get(), &Profiles::openRequested);
    commands().open(saved);
    commands().open(saved);  // twice, while the keychain is being unlocked
    QTRY_COMPARE(opened.count(), 1);
    QTest::qWait(20);
    QCOMPARE(opened.count(), 1);

    start();
    QSignalSpy again(profiles_.get(), &Profiles::openRequested);
    commands().open(saved);
    commands().open(Profiles::localCluster());
    QTRY_VERIFY(profiles_->isEntered(saved));
    QCOMPARE(again.count(), 1);
    QCOMPARE(again[0][0].value<Profile>().kind, cluster::ProfileKind::LocalCluster);
  }

  void forThisRunOnlyWhereItIsNotWanted() {
    const Profile saved = connectTo(input(false));
    QCOMPARE(keychain_->touches(), 0);
    QVERIFY(profiles_->secretsOf(saved).principal.equals("planted-principal"));
    start();
    QVERIFY(profiles_->secretsOf(saved).principal.empty());
    commands().open(saved);
    QCOMPARE(keychain_->touches(), 0);
    QVERIFY(dialog() && dialog()->note().contains(QStringLiteral("isn't known in this run")));
  }

  void withoutAKeychainTheConsoleSaysSo() {
    keychain_->reason = QStringLiteral("There is no keychain: this session has no bus.");
    commands().connectToCluster();
    QTRY_COMPARE(
        dialog()->form().whereSecretsAre(),
        QStringLiteral("There is no keychain: this session has no bus. These secrets last for this run only."));
    dialog()->reject();
  }

  void aKeychainThatRefusesIsSaid() {
    keychain_->problem = QStringLiteral("The keychain was not unlocked.");
    const Profile saved = connectTo(input(true));
    QTRY_COMPARE(window_->statusLine().message(),
                 QStringLiteral("The keychain was not unlocked. The secrets last for this run only."));
    QVERIFY(profiles_->secretsOf(saved).principal.equals("planted-principal"));

    start();
    QSignalSpy opened(profiles_.get(), &Profiles::openRequested);
    commands().open(saved);
    QTRY_VERIFY(dialog());
    QVERIFY2(dialog()->note().startsWith(QStringLiteral("The keychain was not unlocked.")),
             qPrintable(dialog()->note()));
    QCOMPARE(opened.count(), 0);
    dialog()->form().principal().setText(QStringLiteral("typed"));
    dialog()->openButton().click();
    QCOMPARE(opened.count(), 1);
    QVERIFY(profiles_->secretsOf(saved).principal.equals("typed"));
  }

  void whatWasNotFetchedIsNotOverwritten() {
    const Profile saved = connectTo(input(true));
    start();
    keychain_->problem = QStringLiteral("The keychain was not unlocked.");
    commands().edit(saved);
    QTRY_VERIFY(dialog());
    QVERIFY(dialog()->note().contains(QStringLiteral("Its secrets stay there")));
    keychain_->problem.clear();
    dialog()->saveButton().click();
    settle();
    QVERIFY(keeps(saved));
    QCOMPARE(keychain_->removals, 0);
    QVERIFY(profiles_->isToBeFetched(saved));  // when it is opened
  }

  void theEnvironmentsPrincipalTakesNoPlaceInTheKeychain() {
    const Profile saved = connectTo(input(true));
    start(Profiles::localServer(), "of-the-environment");
    keychain_->problem = QStringLiteral("The keychain was not unlocked.");
    commands().edit(saved);
    QTRY_VERIFY(dialog());
    keychain_->problem.clear();
    dialog()->saveButton().click();
    settle();
    QVERIFY(keeps(saved));
  }

  void editedSecretsAreStoredAndUnwantedOnesLeave() {
    const Profile saved = connectTo(input(true));
    const int writes = keychain_->writes;
    commands().edit(saved);
    dialog()->saveButton().click();
    settle();
    QCOMPARE(keychain_->writes, writes);  // nothing changed
    commands().edit(saved);
    dialog()->form().principal().setText(QStringLiteral("another"));
    dialog()->saveButton().click();
    settle();
    QCOMPARE(keychain_->writes, writes + 1);
    QVERIFY(keychain_->holds(saved.id, SecretKind::Principal, "another"));
    commands().edit(saved);
    dialog()->form().setInput(input(false));
    dialog()->saveButton().click();
    settle();
    QVERIFY(keychain_->secrets.isEmpty());
    QVERIFY(profiles_->secretsOf(saved).principal.equals("another"));  // for this run
    QCOMPARE(profiles_->originOf(saved), QStringLiteral("as entered in this run"));
  }

  void aRemovedProfileLeavesNoneBehind() {
    const Profile saved = connectTo(bySentinels(true));
    QCOMPARE(keychain_->secrets.size(), 3);
    commands().remove({saved});
    auto* question = window_->findChild<ConfirmDialog*>();
    QVERIFY(question);
    question->verbButton()->click();
    QTRY_VERIFY(keychain_->secrets.isEmpty());
    QVERIFY(profiles_->remoteClusters().isEmpty());
    QVERIFY(!profiles_->isEntered(saved));
  }

  void whatCantBeRemovedIsSaidOnce() {
    const Profile saved = connectTo(bySentinels(true));
    QStringList told;
    const auto forget = [&] {
      told.clear();
      const int before = keychain_->removals;
      profiles_->forget(saved, [&told](const QString& problem) { told << problem; });
      QCOMPARE(keychain_->removals, before + 3);
      QTest::qWait(0);
      QCoreApplication::processEvents();
    };
    keychain_->problem = QStringLiteral("The keychain was not unlocked.");
    forget();
    QTRY_COMPARE(told, QStringList(keychain_->problem));
    keychain_->problem.clear();
    keychain_->stuck = SecretKind::SentinelPassword;  // one that isn't the principal
    forget();
    QTRY_COMPARE(told, QStringList(QStringLiteral("It is stuck.")));
    QCOMPARE(keychain_->secrets.size(), 1);
  }

  void aCloneHasNoneOfThem() {
    const Profile saved = connectTo(input(true));
    commands().clone(saved);
    QVERIFY(dialog()->note().contains(QStringLiteral("Its secrets aren’t copied")));
    QVERIFY(dialog()->form().principal().secret().empty());
    QCOMPARE(dialog()->form().input().name, QStringLiteral("eu copy"));
    QCOMPARE(dialog()->form().input().reload, QStringLiteral("nginx -s reload"));
    dialog()->saveButton().click();
    settle();
    QCOMPARE(profiles_->remoteClusters().size(), 2);
    QVERIFY(keeps(saved));
    QCOMPARE(keychain_->secrets.size(), 2);
  }

  void importsWithoutCommandsAndSaysSo() {
    QFile file(dir_->filePath(QStringLiteral("them.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"format":"vx11-profiles","version":1,"profiles":[{"kind":"remote_cluster","name":"eu",)"
               R"("environment":"test","instances":["https:\/\/eu.example"],"reload_command":["evil"]}]})");
    file.close();
    connectTo(input(false));
    auto* files = window_->findChild<ProfileFiles*>();
    files->import(file.fileName());
    const QString said = window_->statusLine().message();
    QVERIFY2(said.contains(QStringLiteral("1 profile imported")) && said.contains(QStringLiteral("left out")) &&
                 said.contains(QStringLiteral("eu 2")),
             qPrintable(said));
    const auto imported = profiles_->find(QStringLiteral("eu 2"));
    QVERIFY(imported && imported->reloadCommand.isEmpty() && !imported->id.isEmpty());
    files->import(dir_->filePath(QStringLiteral("nothing.json")));
    QVERIFY(window_->statusLine().message().contains(QStringLiteral("can't be read")));
    files->import(profiles_->store().path());
    QVERIFY(window_->statusLine().message().contains(QStringLiteral("wasn't imported")));
    QCOMPARE(profiles_->remoteClusters().size(), 2);
  }

  /// Done when 6.
  void noFileHoldsAPlantedSecret() {
    ProfileInput typed = bySentinels(true);
    typed.nginxFile = QStringLiteral("/etc/nginx/conf.d/vx11.conf");
    const Profile saved = connectTo(typed);
    QVERIFY(keeps(saved));
    start(saved);  // with the window open, its state and its consents are saved too
    commands().edit(saved);
    QTRY_VERIFY(dialog());
    dialog()->saveButton().click();
    settle();
    QVERIFY(profiles_->secretsOf(saved).principal.equals("planted-principal"));
    QVERIFY(profiles_->consents().confirm({saved.reloadCommand}).has_value());
    for (const PageId page : {PageId::Overview, PageId::Tokens, PageId::Charts, PageId::Redis, PageId::Matrix,
                              PageId::Streams, PageId::Trials, PageId::Rollback})
      window_->showPage(page);
    window_->remember();
    settings_->setLastProfile(saved.id);
    QFile exported(dir_->filePath(QStringLiteral("exported.json")));
    QVERIFY(exported.open(QIODevice::WriteOnly));
    exported.write(cluster::profile_transfer::written(profiles_->remoteClusters()));
    exported.close();
    cluster::SavedRollback begun;
    begun.id = QStringLiteral("operation-1");
    begun.profile = saved.id;
    begun.instances = saved.instances;
    QVERIFY(cluster::RollbackStore().save(begun).has_value());
    window_.reset();
    settings_.reset();  // written when it goes

    QStringList sought;
    QDirIterator files(dir_->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
      QFile file(files.next());
      QVERIFY(file.open(QIODevice::ReadOnly));
      const QByteArray text = file.readAll();
      sought << QDir(dir_->path()).relativeFilePath(file.fileName());
      QVERIFY2(!text.contains("planted"), qPrintable(file.fileName()));
      QVERIFY2(!text.contains(QByteArray("planted-principal").toBase64().first(12)), qPrintable(file.fileName()));
    }
    sought.sort();
    for (const char* name : {"confirmed_commands.json", "console.ini", "exported.json", "profiles.json",
                             "vx11/rollbacks/operation-1.json"})
      QVERIFY2(sought.contains(QLatin1String(name)), qPrintable(sought.join(u' ')));
    qInfo("no planted secret in %s", qPrintable(sought.join(QStringLiteral(", "))));
  }
};

QTEST_MAIN(TestProfileSecrets)
#include "test_profile_secrets.moc"
