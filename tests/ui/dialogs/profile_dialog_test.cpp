// The dialog of a remote profile: says at the field what is wrong, saves no secret, shows none, and tests step by step.
#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "core/cluster/scripted_server.h"
#include "dialogs/connection_panel.h"
#include "dialogs/connection_steps.h"
#include "dialogs/profile_dialog.h"
#include "dialogs/profile_form.h"
#include "dialogs/secret_field.h"
#include "platform/theme.h"

using namespace vx11;
using namespace vx11::ui;
using cluster::Profile;
using cluster::testing::ScriptedReply;
using cluster::testing::ScriptedServer;

namespace {

constexpr int patienceMs = 20'000;

QString text(const Secret& secret) {
  return QString::fromUtf8(secret.reveal().data(), static_cast<qsizetype>(secret.reveal().size()));
}

}  // namespace

class ProfileDialogTest : public QObject {
  Q_OBJECT
  std::unique_ptr<QTemporaryDir> dir_;
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<cluster::ProfileStore> store_;
  std::unique_ptr<ProfileDialog> dialog_;

  void open(const ProfileDialog::Given& given) {
    dialog_ = std::make_unique<ProfileDialog>(*store_, given);
    dialog_->show();
  }
  void type(const QString& name, const QString& instances) {
    ProfileInput input = dialog_->form().input();
    input.name = name;
    input.instances = instances;
    dialog_->form().setInput(input);
  }
  QLineEdit& field(const char* name) const {
    for (auto* each : dialog_->findChildren<QLineEdit*>())
      if (each->accessibleName() == QString::fromUtf8(name)) return *each;
    qFatal("no such field");
  }
  QComboBox& box(const char* name) const {
    for (auto* each : dialog_->findChildren<QComboBox*>())
      if (each->accessibleName() == QString::fromUtf8(name)) return *each;
    qFatal("no such box");
  }
  QCheckBox& check(const char* words) const {
    for (auto* each : dialog_->findChildren<QCheckBox*>())
      if (each->text().remove(u'&').startsWith(QString::fromUtf8(words))) return *each;
    qFatal("no such check");
  }
  /// Where VX11_SHOTS names a folder, in both themes.
  void shoot(const QString& name) {
    const QString folder = qEnvironmentVariable("VX11_SHOTS");
    if (folder.isEmpty()) return;
    for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
      themes_->choose(choice);
      QTest::qWait(30);
      const QString theme = choice == ThemeChoice::Dark ? QStringLiteral("dark") : QStringLiteral("light");
      dialog_->grab().save(QStringLiteral("%1/%2-%3-%4.png").arg(folder, name).arg(dialog_->height()).arg(theme));
    }
  }
  [[nodiscard]] QByteArray fileText() const {
    QFile file(store_->path());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }

 private Q_SLOTS:
  void initTestCase() { themes_ = std::make_unique<ThemeManager>(); }
  void init() {
    dir_ = std::make_unique<QTemporaryDir>();
    store_ = std::make_unique<cluster::ProfileStore>(dir_->filePath(QStringLiteral("profiles.json")));
  }
  void cleanup() { dialog_.reset(); }

  void saysAtTheFieldWhatIsWrong() {
    open({});
    QSignalSpy saved(dialog_.get(), &ProfileDialog::saved);
    type({}, QStringLiteral("fra-1:8011"));
    QVERIFY(dialog_->form().problem(ProfileField::Name).isEmpty());  // nothing was pressed yet
    dialog_->openButton().click();
    QCOMPARE(saved.count(), 0);
    QVERIFY(dialog_->isVisible());
    QVERIFY(dialog_->form().problem(ProfileField::Name).contains(QStringLiteral("needs a name")));
    QVERIFY(dialog_->form().problem(ProfileField::Instances).contains(QStringLiteral("fra-1:8011")));
    type(QStringLiteral("eu"), QStringLiteral("http://fra-1:8011"));
    QVERIFY(dialog_->form().problem(ProfileField::Name).isEmpty());
    QVERIFY(dialog_->form().problem(ProfileField::Instances).isEmpty());
    dialog_->form().principal().setText(QStringLiteral("two words"));
    QVERIFY(!dialog_->form().problem(ProfileField::Principal).isEmpty());
  }

  void savesWithoutSecrets() {
    open({});
    QSignalSpy saved(dialog_.get(), &ProfileDialog::saved);
    type(QStringLiteral("eu"), QStringLiteral("http://127.0.0.1:8011"));
    dialog_->form().principal().setText(QStringLiteral("principal-in-test"));
    dialog_->form().redisPassword().setText(QStringLiteral("password-in-test"));
    dialog_->openButton().click();
    QCOMPARE(saved.count(), 1);
    QVERIFY(!dialog_->isVisible());
    const auto profile = saved[0][0].value<Profile>();
    const auto secrets = saved[0][1].value<ProfileSecrets>();
    QVERIFY(!profile.id.isEmpty());
    QCOMPARE(text(secrets.principal), QStringLiteral("principal-in-test"));
    QCOMPARE(text(secrets.redisPassword), QStringLiteral("password-in-test"));
    QVERIFY(saved[0][2].toBool());
    QVERIFY(fileText().contains("\"eu\""));
    QVERIFY(!fileText().contains("in-test"));
    const auto all = store_->load();
    QVERIFY(all.has_value());
    QCOMPARE(all->size(), 1);
  }

  void keepsItsIdAndMayKeepItsName() {
    Profile profile;
    profile.name = QStringLiteral("eu");
    profile.kind = cluster::ProfileKind::RemoteCluster;
    profile.group = QStringLiteral("europe");
    profile.instances = {QUrl(QStringLiteral("http://a:1"))};
    const auto first = store_->save(profile);
    profile.name = QStringLiteral("us");
    QVERIFY(first.has_value() && store_->save(profile).has_value());
    open({*first});
    type(QStringLiteral("us"), QStringLiteral("http://b:2"));
    dialog_->saveButton().click();
    QVERIFY(dialog_->form().problem(ProfileField::Name).contains(QStringLiteral("us")));
    type(QStringLiteral("eu"), QStringLiteral("http://b:2"));
    QSignalSpy saved(dialog_.get(), &ProfileDialog::saved);
    dialog_->saveButton().click();
    QCOMPARE(saved.count(), 1);
    QVERIFY(!saved[0][2].toBool());
    const auto all = store_->load();
    QCOMPARE(all->size(), 2);
    QCOMPARE(all->first().id, first->id);
    QCOMPARE(all->first().group, QStringLiteral("europe"));
    QCOMPARE(all->first().instances, QList<QUrl>{QUrl(QStringLiteral("http://b:2"))});
  }

  void savesWhatARollbackBeginsWith() {
    open({});
    QSignalSpy saved(dialog_.get(), &ProfileDialog::saved);
    type(QStringLiteral("eu"), QStringLiteral("http://127.0.0.1:8011"));
    QVERIFY(QTest::qWaitForWindowExposed(dialog_.get()));
    const auto sentence = [this](auto kind, ProfileField of) { return (dialog_->form().*kind)(of); };
    field("nginx file").setText(dir_->filePath(QStringLiteral("no.conf")));
    field("Reload command").setText(QStringLiteral("sh -c \"nginx -s reload"));
    field("Restart command").setText(QStringLiteral("systemctl restart vx11-tokend@{id}"));
    dialog_->saveButton().click();
    QCOMPARE(saved.count(), 0);
    QVERIFY(sentence(&ProfileForm::problem, ProfileField::Reload).contains(QStringLiteral("“\"nginx -s reload”")));
    QVERIFY(field("Reload command").hasFocus());
    QVERIFY(sentence(&ProfileForm::warning, ProfileField::NginxFile).contains(QStringLiteral("can't be read")));
    QVERIFY(sentence(&ProfileForm::problem, ProfileField::NginxFile).isEmpty());
    field("Reload command").insert(QStringLiteral("\""));
    QVERIFY(sentence(&ProfileForm::problem, ProfileField::Reload).isEmpty());
    dialog_->saveButton().click();  // a warning keeps nobody from it
    QCOMPARE(saved.count(), 1);

    const auto all = store_->load();
    QVERIFY(all.has_value());
    QCOMPARE(all->first().nginxFile, dir_->filePath(QStringLiteral("no.conf")));
    QCOMPARE(all->first().reloadCommand, (QStringList{"sh", "-c", "nginx -s reload"}));
    QCOMPARE(all->first().restartCommand, (QStringList{"systemctl", "restart", "vx11-tokend@{id}"}));
    open({all->first()});
    QCOMPARE(field("nginx file").text(), all->first().nginxFile);
    QCOMPARE(field("Reload command").text(), QStringLiteral("sh -c \"nginx -s reload\""));
    QCOMPARE(field("Restart command").text(), QStringLiteral("systemctl restart vx11-tokend@{id}"));
    field("Restart command").clear();
    dialog_->saveButton().click();
    QCOMPARE(store_->load()->first().restartCommand, QStringList());
    QCOMPARE(store_->load()->first().reloadCommand, all->first().reloadCommand);
  }

  void fitsALowScreenAndLeadsToEachProblem() {
    open({});
    QVERIFY(QTest::qWaitForWindowExposed(dialog_.get()));
    type(QStringLiteral("eu"), QStringLiteral("http://fra-1:8011\nhttp://fra-2:8011"));
    shoot(QStringLiteral("profile-empty"));
    QVERIFY2(dialog_->width() <= 1000, qPrintable(QString::number(dialog_->width())));
    QVERIFY(dialog_->height() <= dialog_->screen()->availableGeometry().height() - 40);  // with a title bar
    dialog_->resize(dialog_->width(), 600);
    QTRY_COMPARE(dialog_->height(), 600);  // of a screen of 1024 by 640
    dialog_->form().principal().setText(QStringLiteral("p"));
    field("nginx file").setText(QStringLiteral("/etc/nginx/conf.d/vx11.conf"));
    field("Reload command").setText(QStringLiteral("sh -c 'nginx -s reload'"));
    field("Restart command").setText(QStringLiteral("systemctl restart \"vx11-tokend@{id}"));
    QVERIFY(dialog_->height() <= dialog_->screen()->availableGeometry().height());
    dialog_->setMaximumHeight(560);
    const auto isSeen = [](const QLineEdit& line) { return line.visibleRegion().boundingRect() == line.rect(); };
    QTRY_VERIFY(!isSeen(field("Restart command")));
    QVERIFY(isSeen(field("Name")));
    dialog_->saveButton().click();
    QTRY_VERIFY(isSeen(field("Restart command")));
    QVERIFY(field("Restart command").hasFocus());
    for (const auto* label : dialog_->form().findChildren<QLabel*>())
      QVERIFY2(!label->isVisible() || label->height() >= label->heightForWidth(label->width()),
               qPrintable(label->text()));
    QVERIFY(dialog_->saveButton().visibleRegion().boundingRect() == dialog_->saveButton().rect());
    shoot(QStringLiteral("profile-low"));
    dialog_->setMaximumHeight(QWIDGETSIZE_MAX);
    dialog_->saveButton().click();
    shoot(QStringLiteral("profile-problems"));
  }

  void groupColourAndReadOnlyAreSaved() {
    Profile other;
    other.name = QStringLiteral("us");
    other.group = QStringLiteral("America");
    QVERIFY(store_->save(other).has_value());
    open({});
    type(QStringLiteral("eu"), QStringLiteral("http://127.0.0.1:8011"));
    auto& group = box("Group");
    QCOMPARE(group.itemText(0), QStringLiteral("America"));
    group.setEditText(QStringLiteral(" Europe "));
    auto& colour = box("Colour");
    QCOMPARE(colour.count(), 9);
    colour.setCurrentIndex(colour.findText(QStringLiteral("Violet")));
    QCheckBox& readOnly = check("Opens read-only");
    readOnly.click();
    box("Environment").setCurrentIndex(3);  // production is in any case
    QVERIFY(readOnly.isChecked() && !readOnly.isEnabled());
    box("Environment").setCurrentIndex(2);
    QVERIFY(readOnly.isChecked() && readOnly.isEnabled());
    dialog_->saveButton().click();
    const Profile saved = store_->load()->last();
    QCOMPARE(saved.group, QStringLiteral("Europe"));
    QCOMPARE(saved.colour, QStringLiteral("c4"));
    QVERIFY(saved.readOnly && !saved.keepsSecrets);
    open({saved});
    QCOMPARE(box("Group").currentText(), QStringLiteral("Europe"));
    QCOMPARE(box("Colour").currentText(), QStringLiteral("Violet"));
    QVERIFY(check("Opens read-only").isChecked());
  }

  void saysWhereSecretsAre() {
    open({});
    QCheckBox& keeps = check("Keep these secrets");
    QVERIFY(keeps.isEnabled() && !keeps.isChecked());
    QVERIFY(dialog_->form().whereSecretsAre().startsWith(QStringLiteral("They last for this run only.")));
    keeps.click();
    QVERIFY(dialog_->form().whereSecretsAre().startsWith(QStringLiteral("Asked for when this profile is opened")));
    type(QStringLiteral("eu"), QStringLiteral("http://127.0.0.1:8011"));
    keeps.setChecked(true);
    dialog_->saveButton().click();
    QVERIFY(store_->load()->first().keepsSecrets);

    // Without a keychain the choice can't be made, isn't lost, and why is said.
    const QString why = QStringLiteral("There is no keychain: this session has no bus.");
    open({store_->load()->first(), {}, {}});
    dialog_->setWhyNothingIsKept(why);
    QVERIFY(check("Keep these secrets").isChecked() && !check("Keep these secrets").isEnabled());
    QCOMPARE(dialog_->form().whereSecretsAre(), why + QStringLiteral(" These secrets last for this run only."));
    QTRY_VERIFY(dialog_->isVisible());
    shoot(QStringLiteral("profile-no-keychain"));
    dialog_->saveButton().click();
    QVERIFY(store_->load()->first().keepsSecrets);
  }

  void asksForTheSentinelsCredentialsWhereThereAreSome() {
    open({});
    QSignalSpy saved(dialog_.get(), &ProfileDialog::saved);
    type(QStringLiteral("eu"), QStringLiteral("http://127.0.0.1:8011"));
    QVERIFY(QTest::qWaitForWindowExposed(dialog_.get()));
    QLineEdit& user = field("Sentinels’ user");
    SecretField& password = dialog_->form().sentinelPassword();
    field("Redis URL").setText(QStringLiteral("redis://10.4.0.21:6379/0"));
    QVERIFY(!user.isVisible() && !password.isVisible());
    const int before = dialog_->form().sizeHint().height();
    field("Redis URL").setText(QStringLiteral("rediss+sentinel://s-1,s-2/mymaster"));
    QVERIFY(user.isVisible() && password.isVisible());
    QCOMPARE(password.echoMode(), QLineEdit::Password);
    QVERIFY(dialog_->form().sizeHint().height() > before);
    user.setText(QStringLiteral("two words"));
    password.setText(QStringLiteral("sentinels-in-test"));
    field("Restart command").setText(QStringLiteral("restart {id} --with sentinels-in-test"));
    dialog_->saveButton().click();
    QCOMPARE(saved.count(), 0);
    QVERIFY(!dialog_->form().problem(ProfileField::Sentinels).isEmpty());
    QVERIFY(!dialog_->form().problem(ProfileField::Restart).isEmpty());
    field("Restart command").clear();
    user.setText(QStringLiteral("watcher"));
    shoot(QStringLiteral("profile-sentinels"));
    dialog_->saveButton().click();
    QCOMPARE(saved.count(), 1);
    QCOMPARE(text(saved[0][1].value<ProfileSecrets>().sentinelPassword), QStringLiteral("sentinels-in-test"));
    QCOMPARE(store_->load()->first().sentinelUser, QStringLiteral("watcher"));
    QVERIFY(!fileText().contains("in-test"));

    // What was typed for sentinels isn't of any other Redis.
    open({store_->load()->first(), {{}, {}, Secret("kept")}, {}});
    QSignalSpy again(dialog_.get(), &ProfileDialog::saved);
    QCOMPARE(field("Sentinels’ user").text(), QStringLiteral("watcher"));
    field("Redis URL").setText(QStringLiteral("redis://10.4.0.21:6379/0"));
    dialog_->saveButton().click();
    QCOMPARE(again.count(), 1);
    QVERIFY(again[0][1].value<ProfileSecrets>().sentinelPassword.empty());
    QVERIFY(store_->load()->first().sentinelUser.isEmpty());
  }

  void aSecretInACommandIsNotSaved() {
    open({});
    QSignalSpy saved(dialog_.get(), &ProfileDialog::saved);
    type(QStringLiteral("eu"), QStringLiteral("http://127.0.0.1:8011"));
    dialog_->form().principal().setText(QStringLiteral("planted-principal"));
    field("Restart command").setText(QStringLiteral("curl -H X:planted-principal {url}"));
    dialog_->saveButton().click();
    QCOMPARE(saved.count(), 0);
    const QString problem = dialog_->form().problem(ProfileField::Restart);
    QVERIFY2(problem.contains(QStringLiteral("secret")) && !problem.contains(QStringLiteral("planted")),
             qPrintable(problem));
    QVERIFY(fileText().isEmpty());
  }

  void showsNoSecretThatIsKept() {
    const Secret kept("kept-principal");
    open({{}, {kept, {}}, QStringLiteral("from VX11_OPERATOR_TOKEN")});
    SecretField& field = dialog_->form().principal();
    QCOMPARE(field.echoMode(), QLineEdit::Password);
    QVERIFY(field.text().isEmpty());
    QVERIFY(field.placeholderText().contains(QStringLiteral("VX11_OPERATOR_TOKEN")));
    QVERIFY(!field.placeholderText().contains(text(kept)));
    QCOMPARE(text(field.secret()), text(kept));
    field.setText(QStringLiteral("typed"));
    QCOMPARE(text(field.secret()), QStringLiteral("typed"));
    field.actions().first()->trigger();
    QVERIFY(field.secret().empty());
    QVERIFY(!field.actions().first()->isVisible());
  }

  void warnsOfThePrincipalInClear() {
    open({});
    const auto warning = [this] { return dialog_->form().sentInClear(); };
    type(QStringLiteral("eu"), QStringLiteral("http://fra-1:8011"));
    QVERIFY(warning().isEmpty());  // nothing would be sent
    dialog_->form().principal().setText(QStringLiteral("p"));
    QVERIFY2(warning().contains(QStringLiteral("fra-1:8011")), qPrintable(warning()));
    type(QStringLiteral("eu"), QStringLiteral("http://127.0.0.1:8011"));
    QVERIFY(warning().isEmpty());
  }

  void aFileThatCantBeWrittenIsSaid() {
    QFile file(store_->path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("not JSON");
    file.close();
    open({});
    QSignalSpy saved(dialog_.get(), &ProfileDialog::saved);
    type(QStringLiteral("eu"), QStringLiteral("http://a:1"));
    dialog_->saveButton().click();
    QCOMPARE(saved.count(), 0);
    QVERIFY2(dialog_->note().contains(store_->path()), qPrintable(dialog_->note()));
    QVERIFY(dialog_->isVisible());
  }

  void testsStepByStep() {
    const ScriptedServer server([](const auto& request) {
      return request.path.endsWith("/health") ? ScriptedReply{200, R"({"status":"ok"})"} : ScriptedReply{404, "{}"};
    });
    open({});
    QVERIFY(!dialog_->test().verdict().isEmpty());
    type({}, server.url().toString());  // a test needs no name
    dialog_->test().button().click();
    QVERIFY(dialog_->test().isRunning());
    QCOMPARE(dialog_->test().steps().count(), 8);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog_->test().isRunning(), patienceMs);
    QVERIFY(dialog_->test().steps().text(1).startsWith(QStringLiteral("Pass")) ||
            dialog_->test().steps().text(1).startsWith(QStringLiteral("Done")));
    type({}, QStringLiteral("http://127.0.0.1:1"));
    QVERIFY2(dialog_->test().verdict().contains(QStringLiteral("Changed")), qPrintable(dialog_->test().verdict()));
  }

  void testSaysWhichStepFailed() {
    QTcpServer taken;  // a port where nobody answers any more
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const quint16 port = taken.serverPort();
    taken.close();
    open({});
    type(QStringLiteral("eu"), QStringLiteral("http://127.0.0.1:%1").arg(port));
    dialog_->test().button().click();
    QTRY_VERIFY_WITH_TIMEOUT(!dialog_->test().isRunning(), patienceMs);
    QVERIFY2(dialog_->test().verdict().contains(QStringLiteral("failed")), qPrintable(dialog_->test().verdict()));
    QVERIFY2(dialog_->test().steps().text(1).startsWith(QStringLiteral("Fail")),
             qPrintable(dialog_->test().steps().text(1)));
  }

  void closingEndsATest() {
    const ScriptedServer silent([](const auto&) {
      ScriptedReply reply;
      reply.silent = true;
      return reply;
    });
    open({});
    type(QStringLiteral("eu"), silent.url().toString());
    dialog_->test().button().click();
    QVERIFY(dialog_->test().isRunning());
    dialog_->test().button().click();
    QTRY_VERIFY(!dialog_->test().isRunning());
    dialog_->test().button().click();
    QVERIFY(dialog_->test().isRunning());
    dialog_.reset();  // and nothing comes after it
    QTest::qWait(50);
  }
};

QTEST_MAIN(ProfileDialogTest)
#include "profile_dialog_test.moc"
