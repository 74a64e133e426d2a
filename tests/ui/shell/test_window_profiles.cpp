// Profiles in the window: the menu of the profile box, what is asked before this profile is left, and the bar with what
// waits to be accepted.
#include <QAbstractButton>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "core/cluster/fake_cluster.h"
#include "dialogs/confirm_dialog.h"
#include "dialogs/profile_dialog.h"
#include "dialogs/profile_form.h"
#include "dialogs/profiles_dialog.h"
#include "dialogs/secret_field.h"
#include "pages/rollback_page.h"
#include "platform/settings_store.h"
#include "shell/main_window.h"
#include "shell/profile_bar.h"
#include "shell/profile_box.h"
#include "shell/profiles.h"
#include "shell/status_bar.h"
#include "shell/tool_bar.h"
#include "widgets/state_mark.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::Profile;
using cluster::ProfileKind;
using cluster::testing::FakeCluster;

namespace {

Profile remote(const QString& name) {
  Profile profile;
  profile.name = name;
  profile.kind = ProfileKind::RemoteCluster;
  profile.environment = cluster::Environment::Staging;
  profile.instances = {QUrl(QStringLiteral("http://127.0.0.1:1"))};
  return profile;
}

}  // namespace

class TestWindowProfiles : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<SettingsStore> settings_;
  std::unique_ptr<Profiles> profiles_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<MainWindow> window_;
  std::optional<QString> whyNoCluster_;

  void open(const Secret& principal = {}, const Profile& profile = Profiles::localServer()) {
    window_.reset();
    profiles_ = std::make_unique<Profiles>(
        Profiles::Surroundings{cluster::ProfileStore(dir_->filePath(QStringLiteral("profiles.json"))), principal,
                               [this] { return whyNoCluster_; }});
    cluster_ = std::make_unique<FakeCluster>();
    cluster_->setProfile(profile);
    cluster::InstanceInfo info;
    info.id = QStringLiteral("a");
    info.url = QUrl(QStringLiteral("http://127.0.0.1:8011"));
    info.state = cluster::InstanceState::Live;
    info.streams = 0;
    cluster_->addInstance(info);
    window_ = std::make_unique<MainWindow>(*cluster_, *themes_, *settings_, *profiles_);
    window_->show();
  }
  Profile save(const QString& name) { return *profiles_->store().save(remote(name)); }
  void setStreams(qint64 streams) {
    cluster::InstanceInfo info = cluster_->instances().first();
    info.streams = streams;
    cluster_->setInstance(info);
  }
  /// The menu as it opens now; closed again.
  QMenu* menu() {
    window_->actions().get(QStringLiteral("profile.switch"))->trigger();
    auto* menu = window_->toolBar().findChild<QMenu*>(QString(), Qt::FindDirectChildrenOnly);
    menu->hide();
    return menu;
  }
  static QAction* find(QMenu* menu, const QString& text) {
    for (QAction* action : menu->actions()) {
      if (ActionRegistry::plainText(action).startsWith(text)) return action;
    }
    return nullptr;
  }
  template <typename Dialog>
  Dialog* dialog() {
    const auto all = window_->findChildren<Dialog*>();
    return all.isEmpty() ? nullptr : all.last();
  }
  /// The dialog of all profiles, opened where it isn't.
  ProfilesDialog* manager() {
    if (!dialog<ProfilesDialog>()) window_->actions().get(QStringLiteral("profile.manage"))->trigger();
    return dialog<ProfilesDialog>();
  }
  QPushButton* managerButton(const char* text) {
    for (auto* button : manager()->findChildren<QPushButton*>()) {
      if (button->text().remove(u'&') == QString::fromUtf8(text)) return button;
    }
    return nullptr;
  }
  QPushButton* barButton(const QString& text) {
    for (auto* button : window_->findChild<ProfileBar*>()->findChildren<QPushButton*>()) {
      if (button->text() == text && button->isVisible()) return button;
    }
    return nullptr;
  }

 private Q_SLOTS:
  void initTestCase() { themes_ = std::make_unique<ThemeManager>(); }
  void init() {
    dir_ = std::make_unique<QTemporaryDir>();
    settings_ = std::make_unique<SettingsStore>(dir_->path());
    whyNoCluster_.reset();
    open(Secret("principal-of-the-environment"));
  }
  void cleanup() {
    window_.reset();
    cluster_.reset();
  }

  void theMenuListsWhatCanBeOpened() {
    QMenu* shown = menu();
    QVERIFY(find(shown, QStringLiteral("Local server")));
    QVERIFY(find(shown, QStringLiteral("Local cluster"))->isEnabled());
    QVERIFY(find(shown, QStringLiteral("Connect to a cluster…")));
    QVERIFY(find(shown, QStringLiteral("Manage profiles…"))->isEnabled());
    save(QStringLiteral("zeta"));
    save(QStringLiteral("alpha & beta"));
    Profile grouped = remote(QStringLiteral("beta"));
    grouped.group = QStringLiteral("Europe");
    grouped.colour = QStringLiteral("c4");
    QVERIFY(profiles_->store().save(grouped).has_value());
    shown = menu();
    QVERIFY(find(shown, QStringLiteral("zeta\tSTAGING")));
    QVERIFY(find(shown, QStringLiteral("alpha")));
    QVERIFY(!find(shown, QStringLiteral("Europe"))->isEnabled());
    const auto place = [shown](const char* name) {
      return shown->actions().indexOf(find(shown, QString::fromUtf8(name)));
    };
    QVERIFY(place("alpha") < place("zeta") && place("zeta") < place("Europe") && place("Europe") < place("beta"));
    const auto chip = [shown](const char* name) {
      return find(shown, QString::fromUtf8(name))->icon().pixmap(16).toImage().pixelColor(8, 8);
    };
    QCOMPARE(chip("beta"), themes_->theme().series(4));
    if (const QString folder = qEnvironmentVariable("VX11_SHOTS"); !folder.isEmpty()) {
      for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
        themes_->choose(choice);
        shown->grab().save(folder + (choice == ThemeChoice::Dark ? "/profile-menu-dark.png" : "/profile-menu-light.png"));
      }
    }
    QCOMPARE(chip("zeta"), themes_->theme().color(Token::Warn));  // by its environment
  }

  void aLocalClusterThatCantRunSaysWhy() {
    whyNoCluster_ = QStringLiteral("install redis-server");
    QAction* action = find(menu(), QStringLiteral("Local cluster"));
    QVERIFY(!action->isEnabled());
    QCOMPARE(action->toolTip(), *whyNoCluster_);
    whyNoCluster_.reset();
    QVERIFY(find(menu(), QStringLiteral("Local cluster"))->isEnabled());
  }

  void asksForAnotherProfile() {
    QSignalSpy opened(profiles_.get(), &Profiles::openRequested);
    find(menu(), QStringLiteral("Local cluster"))->trigger();
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].value<Profile>().kind, ProfileKind::LocalCluster);
    find(menu(), QStringLiteral("Local server"))->trigger();
    QCOMPARE(opened.count(), 1);  // it is open
    QVERIFY(window_->statusLine().message().contains(QStringLiteral("open already")));
    const Profile saved = save(QStringLiteral("eu"));
    find(menu(), QStringLiteral("eu"))->trigger();
    QCOMPARE(opened.count(), 2);
    QCOMPARE(opened[1][0].value<Profile>().id, saved.id);
    QCOMPARE(QByteArray(profiles_->secretsOf(saved).principal.reveal().data()), "principal-of-the-environment");
  }

  void asksForAPrincipalWhereThereIsNone() {
    open({});
    const Profile saved = save(QStringLiteral("eu"));
    QSignalSpy opened(profiles_.get(), &Profiles::openRequested);
    find(menu(), QStringLiteral("eu"))->trigger();
    QCOMPARE(opened.count(), 0);
    auto* asks = dialog<ProfileDialog>();
    QVERIFY(asks && asks->note().contains(QStringLiteral("principal")));
    asks->form().principal().setText(QStringLiteral("entered"));
    asks->openButton().click();
    QCOMPARE(opened.count(), 1);
    QVERIFY(profiles_->secretsOf(saved).principal.equals("entered"));
    QTRY_VERIFY(!dialog<ProfileDialog>());
    find(menu(), QStringLiteral("eu"))->trigger();  // known for this run
    QCOMPARE(opened.count(), 2);
  }

  void connectsEditsAndRemoves() {
    window_->actions().get(QStringLiteral("profile.new"))->trigger();
    auto* dialogOf = dialog<ProfileDialog>();
    ProfileInput input = dialogOf->form().input();
    QCOMPARE(input.environment, cluster::Environment::Test);
    input.name = QStringLiteral("eu");
    input.instances = QStringLiteral("http://127.0.0.1:1");
    dialogOf->form().setInput(input);
    QSignalSpy opened(profiles_.get(), &Profiles::openRequested);
    dialogOf->saveButton().click();
    QTRY_VERIFY(!dialog<ProfileDialog>());
    QCOMPARE(opened.count(), 0);
    QCOMPARE(profiles_->remoteClusters().size(), 1);

    manager()->choose({profiles_->remoteClusters().first().id});
    QVERIFY(manager()->chosen().size() == 1);
    managerButton("Edit…")->click();
    QCOMPARE(dialog<ProfileDialog>()->form().input().instances, QStringLiteral("http://127.0.0.1:1"));
    dialog<ProfileDialog>()->reject();
    QTRY_VERIFY(!dialog<ProfileDialog>());

    managerButton("Remove…")->click();
    dialog<ConfirmDialog>()->cancelButton()->click();
    QTRY_VERIFY(!dialog<ConfirmDialog>());
    QCOMPARE(profiles_->remoteClusters().size(), 1);
    managerButton("Remove…")->click();
    dialog<ConfirmDialog>()->verbButton()->click();
    QCOMPARE(profiles_->remoteClusters().size(), 0);
    QCOMPARE(manager()->model().shown(), 0);
  }

  void leavingAsksWhereClosingWould() {
    int gone = 0;
    window_->leave([&] { ++gone; });
    QCOMPARE(gone, 1);
    setStreams(3);
    window_->setOwnStreams(3);
    window_->leave([&] { ++gone; });
    QCOMPARE(gone, 2);
    window_->setOwnStreams(1);
    window_->leave([&] { ++gone; });
    window_->leave([&] { ++gone; });
    QCOMPARE(gone, 2);
    QCOMPARE(window_->findChildren<ConfirmDialog*>().size(), 1);
    QCOMPARE(dialog<ConfirmDialog>()->verbButton()->text(), QStringLiteral("Close 2 streams"));
    dialog<ConfirmDialog>()->verbButton()->click();
    QCOMPARE(gone, 3);
    QVERIFY(window_->isVisible());
  }

  void aRemoteClusterIsLeftWithoutAQuestion() {
    open(Secret("p"), remote(QStringLiteral("eu")));
    setStreams(3);
    int gone = 0;
    window_->leave([&] { ++gone; });
    QCOMPARE(gone, 1);
  }

  void offersWhatWasDiscovered() {
    open(Secret("p"), save(QStringLiteral("eu")));
    auto* bar = window_->findChild<ProfileBar*>();
    QVERIFY(bar->isHidden());
    const QUrl first(QStringLiteral("http://10.4.0.12:8011")), second(QStringLiteral("http://10.4.0.13:8011"));
    cluster_->setPending({first, second});
    QVERIFY(bar->isVisible());
    QCOMPARE(bar->causeCount(), 2);
    QVERIFY2(bar->text().contains(QStringLiteral("10.4.0.12:8011")), qPrintable(bar->text()));
    QTRY_VERIFY(barButton(QStringLiteral("Accept")));
    barButton(QStringLiteral("Accept"))->click();
    QCOMPARE(bar->causeCount(), 1);
    QVERIFY(profiles_->remoteClusters().first().instances.contains(first));
    QVERIFY(!profiles_->remoteClusters().first().instances.contains(second));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);  // the buttons of the first
    QTRY_VERIFY(barButton(QStringLiteral("Not in this run")));
    barButton(QStringLiteral("Not in this run"))->click();
    QVERIFY(bar->isHidden());
    cluster_->setPending({second});
    QVERIFY(bar->isHidden());
  }

  void whatIsEditedIsWhatARollbackBeginsWith() {
    const Profile saved = save(QStringLiteral("eu"));
    open(Secret("p"), saved);
    const auto edit = [this](const QString& reload) {
      find(menu(), QStringLiteral("Edit eu…"))->trigger();
      ProfileInput input = dialog<ProfileDialog>()->form().input();
      input.nginxFile = QStringLiteral("/etc/nginx/conf.d/vx11.conf");
      input.reload = reload;
      input.restart = QStringLiteral("ssh {host} \"systemctl restart vx11-tokend@{id}\"");
      dialog<ProfileDialog>()->form().setInput(input);
    };
    edit(QStringLiteral("nginx -s reload"));
    dialog<ProfileDialog>()->saveButton().click();
    QVERIFY(window_->statusLine().message().contains(QStringLiteral("what it was opened with")));
    QTRY_VERIFY(!dialog<ProfileDialog>());
    const QUrl found(QStringLiteral("http://127.0.0.1:2"));
    cluster_->setPending({found});  // saved over what was edited meanwhile
    QTRY_VERIFY(barButton(QStringLiteral("Accept")));
    barButton(QStringLiteral("Accept"))->click();
    QCOMPARE(profiles_->latest(saved).reloadCommand.size(), 3);
    QVERIFY(profiles_->latest(saved).instances.contains(found));

    QSignalSpy opened(profiles_.get(), &Profiles::openRequested);
    edit(QStringLiteral("sudo nginx -s reload"));
    dialog<ProfileDialog>()->openButton().click();
    QCOMPARE(opened.count(), 1);
    const auto profile = opened[0][0].value<Profile>();
    open(Secret("p"), profile);
    window_->actions().get(QStringLiteral("page.rollback"))->trigger();
    auto* page = window_->findChild<RollbackPage*>();
    QVERIFY(page);
    const auto shown = [page](const char* name) {
      for (const auto* line : page->findChildren<QLineEdit*>())
        if (line->accessibleName() == QString::fromUtf8(name)) return line->text();
      return QString();
    };
    QCOMPARE(shown("nginx file"), QStringLiteral("/etc/nginx/conf.d/vx11.conf"));
    QCOMPARE(shown("Reload command"), QStringLiteral("sudo nginx -s reload"));
    QCOMPARE(shown("Restart command"), QStringLiteral("ssh {host} \"systemctl restart vx11-tokend@{id}\""));
  }

  void aPrincipalInClearHasALastingBadge() {
    const auto badge = [this] {
      for (auto* label : window_->toolBar().findChildren<MarkLabel*>()) {
        if (label->word() == QStringLiteral("sent in clear") && label->isVisible()) return label->toolTip();
      }
      return QString();
    };
    Profile profile = remote(QStringLiteral("eu"));
    open(Secret("p"), profile);
    QVERIFY(badge().isEmpty());  // loopback
    profile.instances.append(QUrl(QStringLiteral("http://fra-1:8011")));
    open({}, profile);
    QVERIFY(badge().isEmpty());  // no principal
    open(Secret("p"), profile);
    QVERIFY2(badge().contains(QStringLiteral("fra-1:8011")), qPrintable(badge()));
  }

  void saysWhoRefusesThePrincipal() {
    Profile profile = remote(QStringLiteral("eu"));
    profile.keepsSecrets = true;
    open(Secret("old"), profile);
    auto* bar = window_->findChild<ProfileBar*>();
    QVERIFY(bar->isHidden());
    cluster::InstanceInfo info = cluster_->instances().first();
    info.state = cluster::InstanceState::Degraded;
    info.reason = QStringLiteral("refused_principal");
    cluster_->setInstance(info);
    QVERIFY(bar->isVisible());
    QVERIFY2(bar->text().contains(QStringLiteral("a refused the principal.")) &&
                 bar->text().contains(QStringLiteral("The keychain’s entry for eu may be old.")),
             qPrintable(bar->text()));
    QTRY_VERIFY(barButton(QStringLiteral("Enter principal…")));
    barButton(QStringLiteral("Enter principal…"))->click();
    QTRY_VERIFY(dialog<ProfileDialog>());
    QVERIFY(dialog<ProfileDialog>()->note().startsWith(QStringLiteral("Type the principal that counts now.")));
    dialog<ProfileDialog>()->reject();
    info.state = cluster::InstanceState::Live;
    info.reason.clear();
    cluster_->setInstance(info);
    QVERIFY(bar->isHidden());
  }

  void saysThatThereMayBeMoreInstances() {
    open(Secret("p"), remote(QStringLiteral("eu")));
    auto* bar = window_->findChild<ProfileBar*>();
    QVERIFY(bar->isHidden());
    cluster_->setWhyNotDiscovered(QStringLiteral("Nobody answers for the registry."));
    QVERIFY(bar->isVisible());
    QVERIFY2(bar->text().contains(QStringLiteral("There may be more instances. Nobody answers for the registry.")),
             qPrintable(bar->text()));
    QTRY_VERIFY(barButton(QStringLiteral("Hide")));
    barButton(QStringLiteral("Hide"))->click();
    QVERIFY(bar->isHidden());
    cluster_->setWhyNotDiscovered(QStringLiteral("a knows of others from before 12:00 only."));
    QVERIFY(bar->isVisible());
    cluster_->setWhyNotDiscovered({});
    QVERIFY(bar->isHidden());
  }

  void saysThatThereIsNoPrincipal() {
    open({}, save(QStringLiteral("eu")));
    auto* bar = window_->findChild<ProfileBar*>();
    QVERIFY(bar->isVisible());
    QTRY_VERIFY(barButton(QStringLiteral("Enter principal…")));
    barButton(QStringLiteral("Enter principal…"))->click();
    QVERIFY(dialog<ProfileDialog>());
    dialog<ProfileDialog>()->reject();
    barButton(QStringLiteral("Go on without"))->click();
    QVERIFY(bar->isHidden());
  }
};

QTEST_MAIN(TestWindowProfiles)
#include "test_window_profiles.moc"
