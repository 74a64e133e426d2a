// Before what is asked, whom it lets through, and that nothing happens unasked where a mistake costs most.
#include "dialogs/dangerous.h"

#include <QPushButton>
#include <QTest>

#include "core/cluster/fake_cluster.h"
#include "dialogs/typed_name.h"

using namespace vx11::ui;
using vx11::cluster::Environment;
using vx11::cluster::Profile;
using vx11::cluster::testing::FakeCluster;
using dangerous::Asks;

Q_DECLARE_METATYPE(vx11::ui::dangerous::Asks)

namespace {

const auto name = QStringLiteral("eu-prod");

Confirmation question() {
  return {QStringLiteral("Revoke all tokens"), QStringLiteral("Revoke all?"), {}, QStringLiteral("Revoke"), {}};
}

}  // namespace

class DangerousTest : public QObject {
  Q_OBJECT
  QWidget window_;
  std::unique_ptr<FakeCluster> cluster_;
  int went_ = 0;

  void open(Environment environment, bool canChange) {
    cluster_ = std::make_unique<FakeCluster>();
    Profile profile;
    profile.name = name;
    profile.environment = environment;
    cluster_->setProfile(profile);
    cluster_->setCanChange(canChange);
    went_ = 0;
  }
  ConfirmDialog* ask(Asks asks) {
    return dangerous::ask(&window_, *cluster_, question(), asks, [this] { ++went_; });
  }

 private Q_SLOTS:
  void initTestCase() { window_.show(); }

  void asks_data() {
    QTest::addColumn<Environment>("environment");
    QTest::addColumn<bool>("canChange");
    QTest::addColumn<Asks>("asks");
    QTest::addColumn<bool>("asked");
    QTest::addColumn<bool>("named");
    QTest::addColumn<bool>("goes");  // at once
    const auto row = [](const char* tag, Environment environment, bool canChange, Asks asks, bool asked, bool named,
                        bool goes) {
      QTest::newRow(tag) << environment << canChange << asks << asked << named << goes;
    };
    row("test: what can't be undone", Environment::Test, true, Asks::Always, true, false, false);
    row("test: one token", Environment::Test, true, Asks::InProduction, false, false, true);
    row("test: an issue", Environment::Test, true, Asks::ToLift, false, false, true);
    row("read-only: what can't be undone", Environment::Staging, false, Asks::Always, false, false, false);
    row("read-only: one token", Environment::Staging, false, Asks::InProduction, false, false, false);
    row("read-only: an issue", Environment::Staging, false, Asks::ToLift, false, false, false);
    row("production: what can't be undone", Environment::Production, true, Asks::Always, true, true, false);
    row("production: one token", Environment::Production, true, Asks::InProduction, true, true, false);
    row("production: an issue", Environment::Production, true, Asks::ToLift, false, false, true);
    row("locked production: what can't be undone", Environment::Production, false, Asks::Always, true, true, false);
    row("locked production: one token", Environment::Production, false, Asks::InProduction, true, true, false);
    row("locked production: an issue", Environment::Production, false, Asks::ToLift, true, true, false);
  }
  void asks() {
    QFETCH(Environment, environment);
    QFETCH(bool, canChange);
    QFETCH(Asks, asks);
    QFETCH(bool, asked);
    QFETCH(bool, named);
    open(environment, canChange);
    QPointer<ConfirmDialog> dialog = ask(asks);
    QCOMPARE(dialog != nullptr, asked);
    QTEST(went_ == 1, "goes");
    QCOMPARE(dangerous::whyNot(*cluster_).isEmpty(), canChange || environment == Environment::Production);
    if (!dialog) return;
    QCOMPARE(dialog->nameField() != nullptr, named);
    QCOMPARE(dialog->verbButton()->isEnabled(), !named);
    if (named) {
      for (const QString& wrong : {QStringLiteral("EU-PROD"), QStringLiteral("eu-pro"), QStringLiteral("eu-prod ")}) {
        dialog->nameField()->setText(wrong);
        QVERIFY(!dialog->verbButton()->isEnabled());
      }
      QTest::keyClick(dialog->nameField(), Qt::Key_Return);  // Cancel is the default
      QCOMPARE(went_, 0);
      QCOMPARE(cluster_->canChange(), canChange);
      dialog = ask(asks);
      dialog->nameField()->setText(name);
    }
    dialog->verbButton()->click();
    QCOMPARE(went_, 1);
    QVERIFY(cluster_->canChange());
  }

  void readOnlyByHandAsksNobody() {
    open(Environment::Production, true);
    dangerous::setReadOnly(&window_, *cluster_, true, [this] { ++went_; });
    QCOMPARE(went_, 1);
    QVERIFY(!cluster_->canChange());
  }
  void allowedByHandAsksInProductionOnly() {
    open(Environment::Staging, false);
    dangerous::setReadOnly(&window_, *cluster_, false, [this] { ++went_; });
    QVERIFY(cluster_->canChange());
    open(Environment::Production, false);
    dangerous::setReadOnly(&window_, *cluster_, false, [this] { ++went_; });
    QVERIFY(!cluster_->canChange());
    QCOMPARE(went_, 0);
    auto* dialog = window_.findChild<ConfirmDialog*>();
    QVERIFY(dialog);
    dialog->nameField()->setText(name);
    dialog->verbButton()->click();
    QVERIFY(cluster_->canChange());
    QCOMPARE(went_, 1);
  }

  void whatTheClusterStillRefusesDoesNotGo() {
    open(Environment::Staging, true);
    ConfirmDialog* dialog = ask(Asks::Always);
    QVERIFY(dialog);
    cluster_->setCanChange(false);  // meanwhile
    dialog->verbButton()->click();
    QCOMPARE(went_, 0);
    QVERIFY(!cluster_->canChange());
  }
};

QTEST_MAIN(DangerousTest)
#include "dangerous_test.moc"
