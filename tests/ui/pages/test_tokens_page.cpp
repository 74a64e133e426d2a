// What the Tokens page does with tokens: issue, revoke, copy, reveal, check.
#include <QFileDialog>

#include "tokens_stage.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;

class TokensPageTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QGuiApplication::clipboard()->clear(); }

  void theVerdictSaysHowManyLive() {
    Stage stage;
    auto* header = stage.page->findChild<PageHeader*>();
    QCOMPARE(header->mark(), Mark::Live);
    QVERIFY2(header->verdict().contains(QStringLiteral("20 live")), qPrintable(header->verdict()));
    QVERIFY2(header->verdict().contains(QStringLiteral("6.6 issued per second, 60 s each")), qPrintable(header->verdict()));
    stage.pass(37'000);
    QVERIFY2(header->verdict().contains(QStringLiteral("1 expires in the next 5 s")) ||
                 header->verdict().contains(QStringLiteral("2 expire in the next 5 s")), qPrintable(header->verdict()));
  }

  void theFormIssuesWhatItSays() {
    Stage stage;
    const auto spins = stage.form().findChildren<QSpinBox*>();
    QCOMPARE(spins.size(), 2);
    stage.page->issueWithForm();
    QCOMPARE(stage.cluster.issueSpec.count, 1);
    QVERIFY(!stage.cluster.issueSpec.ttlSec);  // untouched: the instance's own default
    QCOMPARE(stage.cluster.issueSpec.slot, -1);
    stage.cluster.issueJob->finish(cluster::IssueOutcome{1, {Stage::row(30).id}, {}});
    QCOMPARE(stage.messages.last(), QStringLiteral("Issued 1 token, lives 60 s"));

    spins[0]->setValue(5000);
    spins[1]->setValue(90);
    stage.form().findChild<QCheckBox*>()->setChecked(true);
    stage.form().findChild<QComboBox*>()->setCurrentIndex(2);
    QPushButton* issue = button(stage.form(), QStringLiteral("Issue 5,000 tokens"));
    QVERIFY(issue != nullptr);
    issue->click();
    const auto& spec = stage.cluster.issueSpec;
    QCOMPARE(spec.count, 5000);
    QCOMPARE(spec.ttlSec, std::optional<int>(90));
    QCOMPARE(spec.slot, 1);
    QVERIFY(spec.singleUse);
    QVERIFY(!issue->isEnabled());
    stage.cluster.issueJob->progress(1200);
    button(stage.form(), QStringLiteral("Cancel"))->click();
    QVERIFY(stage.cluster.issueJob->cancelled);
    cluster::Failure failure{cluster::Failure::Kind::Http, 503, QStringLiteral("store_full"), {}, {}, QStringLiteral("fra-2")};
    stage.cluster.issueJob->finish(cluster::IssueOutcome{1200, {}, failure});
    QVERIFY(issue->isEnabled());
    QVERIFY2(allText(stage.form()).contains(QStringLiteral("Issued 1,200 of 5,000 tokens. fra-2 can’t store it now (503 store_full).")),
             qPrintable(allText(stage.form())));
  }

  void anIssuedTokenIsSelectedWhenItsRowComes() {
    Stage stage;
    stage.page->issueWithForm();
    TokenRow fresh = makeRow(999, start + 30'500);
    stage.cluster.issueJob->finish(cluster::IssueOutcome{1, {fresh.id}, {}});
    stage.cluster.fakeTokens().add({fresh});
    QCOMPARE(stage.view->selectedIds(), QList<cluster::TokenId>{fresh.id});
  }

  void oneTokenIsRevokedAtOnceSeveralAfterAQuestion() {
    Stage stage;
    stage.view->selectRow(3);
    QTest::keyClick(stage.view, Qt::Key_Delete);
    if (!stage.cluster.revokeJob) stage.commands().revokeSelected();
    QVERIFY(stage.cluster.revokeJob);
    QCOMPARE(stage.cluster.revokeSpec.ids, QList<cluster::TokenId>{Stage::row(3).id});
    QVERIFY(stage.page->findChild<ConfirmDialog*>() == nullptr);
    stage.cluster.revokeJob->finish(cluster::RevokeOutcome{1, false, {}});
    QCOMPARE(stage.messages.last(), QStringLiteral("Revoked 1 token"));

    stage.cluster.revokeSpec = {};
    stage.view->selectAll();
    stage.commands().revokeSelected();
    auto* dialog = stage.page->findChild<ConfirmDialog*>();
    QVERIFY(dialog != nullptr);
    QVERIFY(stage.cluster.revokeSpec.ids.isEmpty());
    QVERIFY2(dialog->verbButton()->text().contains(QStringLiteral("Revoke 20 tokens")), qPrintable(dialog->verbButton()->text()));
    dialog->verbButton()->click();
    QCOMPARE(stage.cluster.revokeSpec.ids.size(), 20);
    QVERIFY(!stage.cluster.revokeSpec.all);
  }

  void allAreRevokedOnlyAfterAQuestion() {
    Stage stage;
    button(*stage.page, QStringLiteral("Revoke all"))->click();
    auto* dialog = stage.page->findChild<ConfirmDialog*>();
    QVERIFY(dialog != nullptr);
    dialog->cancelButton()->click();
    QVERIFY(!stage.cluster.revokeJob);
    stage.page->revokeAll();
    for (auto* each : stage.page->findChildren<ConfirmDialog*>()) {
      if (each->isVisible()) each->verbButton()->click();
    }
    QVERIFY(stage.cluster.revokeJob);
    QVERIFY(stage.cluster.revokeSpec.all);
  }

  void readOnlyAndUnreachableSayWhy() {
    Stage stage;
    stage.cluster.setCanChange(false);
    QPushButton* issue = button(stage.form(), QStringLiteral("Issue 1 token"));
    QVERIFY(!issue->isEnabled());
    QVERIFY(issue->toolTip().contains(QStringLiteral("Read-only")));
    stage.page->issueWithForm();
    QVERIFY(!stage.cluster.issueJob);
    stage.view->selectRow(0);
    stage.commands().revokeSelected();
    QVERIFY(!stage.cluster.revokeJob);
    stage.cluster.setCanChange(true);
    QVERIFY(issue->isEnabled());
    for (cluster::InstanceInfo info : stage.cluster.instances()) {
      info.state = cluster::InstanceState::Unreachable;
      info.reason = QStringLiteral("connection_refused");
      stage.cluster.setInstance(info);
    }
    stage.pass(12'000);
    QVERIFY(!issue->isEnabled());
    auto* header = stage.page->findChild<PageHeader*>();
    QCOMPARE(header->mark(), Mark::Unreachable);
    QVERIFY2(header->verdict().contains(QStringLiteral("12 s old")), qPrintable(header->verdict()));
    QVERIFY(stage.page->findChild<Countdown*>()->stale());
    QCOMPARE(stage.model().rowCount(), 20);
  }

  void withRedisAwayWhatLivesIsCounted() {
    Stage stage;
    for (cluster::InstanceInfo info : stage.cluster.instances()) {
      info.mode = QStringLiteral("hybrid");
      stage.cluster.setInstance(info);
    }
    cluster::RedisInfo redis;
    redis.configured = true;
    redis.up = false;
    redis.answeredAt = stage.cluster.now();
    stage.cluster.setRedis(redis);
    stage.pass(12'000);
    // The instances go on telling: only what Redis alone knows is old.
    const QString verdict = stage.page->findChild<PageHeader*>()->verdict();
    QVERIFY2(verdict.startsWith(QStringLiteral("Degraded, 20 live. Redis is down since ")), qPrintable(verdict));
    QVERIFY2(allText(*stage.page).contains(QStringLiteral("Redis’ part is 12 s old")), qPrintable(allText(*stage.page)));
  }

  void valuesAreCopiedThroughTheGuardAndOnlyOwnOnes() {
    Stage stage;
    stage.view->selectRow(0);
    stage.commands().copyValue();
    QCOMPARE(Stage::copied(), tokenValue);
    QVERIFY(stage.clipboard.holdsSecret());
    QVERIFY(stage.clipboard.secondsLeft() <= 60 && stage.clipboard.secondsLeft() >= 59);
    // Revoked: it leaves the clipboard at once.
    TokenRow dead = Stage::row(0);
    dead.state = cluster::TokenState::Revoked;
    stage.cluster.fakeTokens().change({dead});
    QVERIFY(!Stage::copied().contains(tokenValue));

    stage.view->selectRow(5);
    stage.commands().copyValue();
    QVERIFY(!stage.clipboard.holdsSecret());
    QVERIFY(stage.messages.last().contains(QStringLiteral("issued from this console")));
  }

  void nothingCopiedEverHoldsThePrincipal() {
    Stage stage;
    stage.cluster.setPrincipal(Secret("the-principal-of-this-very-test"));
    for (const int row : {0, 5}) {
      stage.view->selectRow(row);
      for (const auto copy : {&TokenCommands::copyCurl, &TokenCommands::copyEventSource, &TokenCommands::copyRows}) {
        (stage.commands().*copy)();
        QVERIFY(!Stage::copied().isEmpty());
        QVERIFY(!Stage::copied().contains(QStringLiteral("the-principal")));
      }
    }
    stage.view->selectRow(0);
    stage.commands().copyCurl();
    QVERIFY(Stage::copied().contains(tokenValue));
    QVERIFY(stage.clipboard.holdsSecret());
    stage.view->selectRow(5);
    stage.commands().copyCurl();
    QVERIFY(Stage::copied().contains(QStringLiteral("$VX11_OPERATOR_TOKEN")));
    QVERIFY(!stage.clipboard.holdsSecret());
  }

  void rowsAreCopiedMasked() {
    Stage stage;
    stage.view->selectRow(0);
    stage.commands().revealSelected();
    stage.commands().copyRows();
    QVERIFY(!Stage::copied().contains(tokenValue));
    QVERIFY(Stage::copied().startsWith(Stage::row(0).masked()));
  }

  void aPictureHidesWhatIsRevealed() {
    Stage stage;
    stage.view->selectRow(0);
    stage.commands().revealSelected();
    QVERIFY(allText(stage.details()).contains(tokenValue));
    stage.page->save();
    QVERIFY(!allText(stage.details()).contains(tokenValue));
    QVERIFY(stage.page->findChild<QFileDialog*>() != nullptr);
  }

  void aRevealedValueIsShownForFifteenSeconds() {
    Stage stage;
    stage.view->selectRow(0);
    QVERIFY(!allText(stage.details()).contains(tokenValue));
    stage.commands().revealSelected();
    QVERIFY(allText(stage.details()).contains(tokenValue));
    QVERIFY(allText(stage.details()).contains(QStringLiteral("Shown for 15 s more")));
    stage.pass(3000);
    QVERIFY(allText(stage.details()).contains(QStringLiteral("Shown for 12 s more")));
    stage.pass(12'000);
    QVERIFY(!allText(stage.details()).contains(tokenValue));
    stage.commands().revealSelected();
    QVERIFY(allText(stage.details()).contains(tokenValue));
    stage.view->selectRow(1);  // another choice hides it
    stage.view->selectRow(0);
    QVERIFY(!allText(stage.details()).contains(tokenValue));
    stage.view->selectRow(5);
    stage.commands().revealSelected();
    QVERIFY(stage.messages.last().contains(QStringLiteral("issued from this console")));
  }

  void theChosenTokenIsChecked() {
    Stage stage;
    stage.view->selectRow(0);
    stage.commands().checkSelected();
    QCOMPARE(QString::fromStdString(std::string(stage.cluster.checkedToken.reveal())), tokenValue);
    QCOMPARE(stage.cluster.checkedSlot, -1);
    using Verdict = cluster::CheckAnswer::Verdict;
    stage.cluster.checkJob->finish(QList<cluster::CheckAnswer>{{0, Verdict::Accepted, 200, 51'000, QStringLiteral("memory"), 0.8, {}, {}},
                                                               {1, Verdict::Refused, 403, 0, {}, 1.1, {}, {}}});
    QVERIFY2(allText(stage.details()).contains(QStringLiteral("1 accepted, 1 refused")) ||
                 stage.messages.last().contains(QStringLiteral("fra-1 accepted, fra-2 refused")), qPrintable(stage.messages.last()));
    QCOMPARE(stage.commands().checks().of(Stage::row(0).id)->accepted, 1);
    QCOMPARE(stage.commands().checks().of(Stage::row(0).id)->refused, 1);
  }

  void aPastedTokenIsMaskedCheckedAndForgotten() {
    Stage stage;
    stage.page->checkToken();
    auto* popup = stage.page->findChild<TokenCheckPopup*>();
    QVERIFY(popup->isVisible());
    auto* field = popup->findChild<QLineEdit*>();
    QCOMPARE(field->echoMode(), QLineEdit::Password);
    field->setText(u' ' + tokenValue + u'\n');
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(QString::fromStdString(std::string(stage.cluster.checkedToken.reveal())), tokenValue);
    cluster::CheckAnswer answer{0, cluster::CheckAnswer::Verdict::Accepted, 200, 51'000, QStringLiteral("memory"), 0.8, {}, {}};
    Q_EMIT stage.cluster.checkJob->answered(answer);
    stage.cluster.checkJob->finish(QList<cluster::CheckAnswer>{answer});
    QVERIFY2(allText(*popup).contains(QStringLiteral("51 s left, memory, 0.8 ms")), qPrintable(allText(*popup)));
    QCOMPARE(popup->findChildren<MarkLabel*>().size(), 1);
    popup->hide();
    QVERIFY(field->text().isEmpty());
    QVERIFY(popup->findChildren<MarkLabel*>().isEmpty());
  }
};

QTEST_MAIN(TokensPageTest)
#include "test_tokens_page.moc"
