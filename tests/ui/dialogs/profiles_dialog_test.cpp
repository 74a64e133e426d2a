// The dialog of all profiles: what it lists, what is found, what is asked of which, by mouse and by keys.
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <memory>

#include "dialogs/profiles_dialog.h"
#include "platform/theme.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::Environment;
using cluster::Profile;

class ProfilesDialogTest : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ProfilesDialog> dialog_;

  static ListedProfile listed(const QString& name, const QString& group, Environment environment, int instances) {
    Profile profile;
    profile.id = name;
    profile.name = name;
    profile.group = group;
    profile.kind = cluster::ProfileKind::RemoteCluster;
    profile.environment = environment;
    for (int i = 1; i <= instances; ++i)
      profile.instances.append(QUrl(QStringLiteral("https://%1-%2.example:8011").arg(name).arg(i)));
    return {profile, false, {}};
  }
  static QList<ListedProfile> some() {
    QList<ListedProfile> all{listed("us-prod", "America", Environment::Production, 4),
                             listed("eu-staging", "Europe", Environment::Staging, 2),
                             listed("eu-prod", "Europe", Environment::Production, 3),
                             listed("laptop", {}, Environment::Local, 1)};
    all[1].profile.colour = "c4";
    all[1].open = true;
    all[1].secrets = "secrets in the keychain";
    all[2].profile.colour = "c7";
    all[3].profile.readOnly = true;
    return all;
  }
  QPushButton* button(const char* text) const {
    for (auto* each : dialog_->findChildren<QPushButton*>())
      if (each->text().remove('&') == QString::fromUtf8(text)) return each;
    qFatal("no such button");
  }
  QListView* list() const { return dialog_->findChild<QListView*>(); }
  QStringList rows() const {
    QStringList texts;
    for (int row = 0; row < dialog_->model().rowCount(); ++row) texts << dialog_->model().index(row).data().toString();
    return texts;
  }
  QStringList chosen() const {
    QStringList names;
    for (const Profile& profile : dialog_->chosen()) names << profile.name;
    return names;
  }

 private Q_SLOTS:
  void initTestCase() { themes_ = std::make_unique<ThemeManager>(); }
  void init() {
    dialog_ = std::make_unique<ProfilesDialog>();
    dialog_->display(some());
    dialog_->show();
    QVERIFY(QTest::qWaitForWindowExposed(dialog_.get()));
  }
  void cleanup() { dialog_.reset(); }

  void listsThemUnderTheirGroups() {
    QCOMPARE(rows(), (QStringList{"laptop", "America", "us-prod", "Europe", "eu-prod", "eu-staging"}));
    QVERIFY(!dialog_->model().index(1).flags().testFlag(Qt::ItemIsSelectable));
    const QString said = dialog_->model().index(5).data(Qt::AccessibleTextRole).toString();
    for (const char* word : {"eu-staging", "STAGING", "Europe", "and 1 more", "open", "secrets in the keychain"})
      QVERIFY2(said.contains(word), qPrintable(said));
    QVERIFY(dialog_->model().index(4).data(Qt::AccessibleTextRole).toString().contains("opens read-only"));
    const QString folder = qEnvironmentVariable("VX11_SHOTS");
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
      if (folder.isEmpty()) break;
      themes_->choose(choice);
      QTest::qWait(30);
      dialog_->grab().save(folder + (choice == ThemeChoice::Dark ? "/profiles-dark.png" : "/profiles-light.png"));
    }
  }

  void findsByEveryWord_data() {
    QTest::addColumn<QString>("words");
    QTest::addColumn<QStringList>("found");
    QTest::newRow("a name") << "lap" << QStringList{"laptop"};
    QTest::newRow("a group") << "EUROPE" << QStringList{"Europe", "eu-prod", "eu-staging"};
    QTest::newRow("an environment") << "prod eu" << QStringList{"Europe", "eu-prod"};
    QTest::newRow("an address") << "us-prod-4.example:8011" << QStringList{"America", "us-prod"};
    QTest::newRow("nothing") << "mars" << QStringList{};
  }
  void findsByEveryWord() {
    QFETCH(QString, words);
    QFETCH(QStringList, found);
    QTest::keyClicks(&dialog_->search(), words);
    QCOMPARE(rows(), found);
    QCOMPARE(chosen(), found.isEmpty() ? QStringList() : QStringList{found.size() > 1 ? found[1] : found[0]});
    QCOMPARE(button("Open")->isEnabled(), !found.isEmpty());
    dialog_->search().clear();
    QCOMPARE(rows().size(), 6);
  }

  void enterOpensWhatWasFound() {
    QSignalSpy opened(dialog_.get(), &ProfilesDialog::openAsked);
    QTest::keyClicks(&dialog_->search(), "staging");
    QTest::keyClick(&dialog_->search(), Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].value<Profile>().name, QString("eu-staging"));
    QTest::keyClick(&dialog_->search(), Qt::Key_Down);
    QVERIFY(list()->hasFocus());
    QTest::keyClick(list(), Qt::Key_Return);
    QCOMPARE(opened.count(), 2);
  }

  void eachButtonAsksForWhatIsChosen() {
    QSignalSpy edited(dialog_.get(), &ProfilesDialog::editAsked), cloned(dialog_.get(), &ProfilesDialog::cloneAsked),
        exported(dialog_.get(), &ProfilesDialog::exportAsked), removed(dialog_.get(), &ProfilesDialog::removeAsked),
        made(dialog_.get(), &ProfilesDialog::newAsked), imported(dialog_.get(), &ProfilesDialog::importAsked);
    dialog_->choose({"eu-prod"});
    for (const char* text : {"Edit…", "Clone…", "New…", "Export…", "Import…", "Remove…"}) button(text)->click();
    for (QSignalSpy* spy : {&edited, &cloned, &exported, &removed, &made, &imported}) QCOMPARE(spy->count(), 1);
    QCOMPARE(edited[0][0].value<Profile>().name, QString("eu-prod"));
    dialog_->choose({"eu-prod", "laptop"});
    QCOMPARE(chosen(), (QStringList{"laptop", "eu-prod"}));
    QVERIFY(!button("Open")->isEnabled() && !button("Edit…")->isEnabled() && !button("Clone…")->isEnabled());
    QVERIFY(!button("Edit…")->toolTip().isEmpty());
    button("Export…")->click();
    QCOMPARE(exported[1][0].value<QList<Profile>>().size(), 2);
    list()->setFocus();
    QTest::keyClick(list(), Qt::Key_Delete);
    QCOMPARE(removed.count(), 2);
  }

  void keepsWhatIsChosenWhenTheyChange() {
    dialog_->choose({"eu-staging"});
    QList<ListedProfile> others = some();
    others.removeFirst();
    dialog_->display(others);
    QCOMPARE(chosen(), QStringList{"eu-staging"});
    dialog_->display({});
    QVERIFY(chosen().isEmpty());
    QVERIFY(!button("Export…")->isEnabled());
    QVERIFY(button("New…")->isEnabled());
  }
};

QTEST_MAIN(ProfilesDialogTest)
#include "profiles_dialog_test.moc"
