// What a new start opens by itself: what was open last, unless something would have to be typed or fetched for it.
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "console/last_profile.h"
#include "platform/settings_store.h"
#include "shell/profiles.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::Profile;
using cluster::ProfileKind;

class TestLastProfile : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> dir_;
  std::unique_ptr<SettingsStore> settings_;

  [[nodiscard]] std::unique_ptr<Profiles> profiles(const char* principal, const std::optional<QString>& whyNoCluster = {}) {
    return std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_->filePath(QStringLiteral("profiles.json"))), Secret(principal),
                               [whyNoCluster] { return whyNoCluster; }});
  }
  Profile remote(bool keepsSecrets = false) {
    Profile profile;
    profile.name = QStringLiteral("eu-staging");
    profile.kind = ProfileKind::RemoteCluster;
    profile.keepsSecrets = keepsSecrets;
    profile.instances = {QUrl(QStringLiteral("http://127.0.0.1:1"))};
    const auto saved = profiles("")->store().save(profile);
    return saved.has_value() ? *saved : Profile();
  }

 private Q_SLOTS:
  void init() {
    dir_ = std::make_unique<QTemporaryDir>();
    settings_ = std::make_unique<SettingsStore>(dir_->path());
  }

  void theLocalServerAtFirst() {
    const auto last = console::lastProfile(*settings_, *profiles("a-principal"));
    QCOMPARE(last.profile.kind, ProfileKind::LocalServer);
    QVERIFY(last.instead.isEmpty());
  }

  void theLocalClusterWhereItCanRun() {
    settings_->setLastProfile(console::keyOf(Profiles::localCluster()));
    QCOMPARE(console::lastProfile(*settings_, *profiles("")).profile.kind, ProfileKind::LocalCluster);
    const auto none = console::lastProfile(*settings_, *profiles("", QStringLiteral("Install redis-server.")));
    QCOMPARE(none.profile.kind, ProfileKind::LocalServer);
    QVERIFY2(none.instead.contains(QStringLiteral("Install redis-server.")), qPrintable(none.instead));
  }

  void aRemoteClusterOnlyWithoutTyping() {
    const Profile saved = remote();
    settings_->setLastProfile(console::keyOf(saved));
    const auto known = console::lastProfile(*settings_, *profiles("a-principal"));
    QCOMPARE(known.profile.id, saved.id);
    QVERIFY(known.instead.isEmpty());
    const auto unknown = console::lastProfile(*settings_, *profiles(""));
    QCOMPARE(unknown.profile.kind, ProfileKind::LocalServer);
    QVERIFY2(unknown.instead.contains(QStringLiteral("eu-staging")), qPrintable(unknown.instead));
    QVERIFY(profiles("")->store().remove(saved.id).has_value());
    const auto removed = console::lastProfile(*settings_, *profiles("a-principal"));
    QCOMPARE(removed.profile.kind, ProfileKind::LocalServer);
    QVERIFY(removed.instead.isEmpty());
  }

  void theKeychainIsNotTouchedAtAStart() {
    settings_->setLastProfile(console::keyOf(remote(true)));
    const auto last = console::lastProfile(*settings_, *profiles("a-principal"));
    QCOMPARE(last.profile.kind, ProfileKind::LocalServer);
    QVERIFY2(last.instead.contains(QStringLiteral("keychain")), qPrintable(last.instead));
  }

  void notWhereItIsNotWanted() {
    settings_->setLastProfile(console::keyOf(remote()));
    Preferences preferences;
    preferences.restoresSession = false;
    settings_->setPreferences(preferences);
    const auto last = console::lastProfile(*settings_, *profiles("a-principal"));
    QCOMPARE(last.profile.kind, ProfileKind::LocalServer);
    QVERIFY(last.instead.isEmpty());
  }
};

QTEST_GUILESS_MAIN(TestLastProfile)
#include "test_last_profile.moc"
