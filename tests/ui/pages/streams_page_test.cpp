// The Streams page over streams that do what the test says.
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QJsonObject>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <memory>

#include "cluster_stage.h"
#include "dialogs/confirm_dialog.h"
#include "models/stream_event_model.h"
#include "models/stream_table_model.h"
#include "models/stream_words.h"
#include "pages/list_table.h"
#include "pages/stream_events_view.h"
#include "pages/stream_list.h"
#include "pages/stream_publish.h"
#include "pages/streams_page.h"
#include "widgets/inline_bar.h"
#include "widgets/page_header.h"

using namespace vx11;
using namespace vx11::ui;
using namespace vx11::ui::testing;
using cluster::StreamEvent;
using cluster::StreamInfo;
using cluster::StreamSpec;
using State = StreamInfo::State;

namespace {

const QString snapshot = QStringLiteral("{\"instance_id\":\"fra-1\",\"mode\":\"hybrid\"}");

StreamInfo stream(quint64 id, State state, const QString& instance = QStringLiteral("fra-1"), int slot = 0) {
  StreamInfo info;
  info.id = id;
  info.slot = slot;
  info.instance = instance;
  info.masked = QStringLiteral("3f9a…c2%1").arg(id, 2, 10, QLatin1Char('0'));
  info.state = state;
  info.since = start - 42'000;
  info.events = 12;
  info.lastEventAt = start - 3000;
  return info;
}

StreamInfo waiting(quint64 id, const QString& reason, qint64 inMs) {
  StreamInfo info = stream(id, State::Waiting, QStringLiteral("fra-2"), 1);
  info.reason = reason;
  info.retryAt = start + inMs;
  return info;
}

StreamInfo closed(quint64 id, const QString& reason) {
  StreamInfo info = stream(id, State::Closed, QStringLiteral("fra-3"), 2);
  info.reason = reason;
  return info;
}

StreamEvent eventOf(quint64 of, const QString& name, const QString& data, const QString& id = {}) {
  StreamEvent made;
  made.stream = of;
  made.at = wall.toMSecsSinceEpoch();
  made.instance = QStringLiteral("fra-%1").arg(of);
  made.name = name;
  made.data = data;
  made.dataSize = data.toUtf8().size();
  made.id = id;
  return made;
}

StreamEvent note(quint64 of, StreamEvent::Kind kind, const QString& reason, qint64 retryMs = 0) {
  StreamEvent made = eventOf(of, {}, {});
  made.kind = kind;
  made.reason = reason;
  made.retryMs = retryMs;
  return made;
}

}  // namespace

class StreamsPageTest : public QObject {
  Q_OBJECT
  std::unique_ptr<ThemeManager> themes_;
  std::unique_ptr<ClipboardGuard> clipboard_;
  std::unique_ptr<FakeCluster> cluster_;
  std::unique_ptr<StreamsPage> page_;

  [[nodiscard]] cluster::testing::FakeStreams& streams() const { return cluster_->fakeStreams; }
  [[nodiscard]] PageHeader& header() const { return *page_->findChild<PageHeader*>(); }
  [[nodiscard]] ListTable& list() const { return page_->findChild<StreamList*>()->table(); }
  [[nodiscard]] ListTable& events() const { return page_->findChild<StreamEventsView*>()->table(); }
  [[nodiscard]] QString cell(const ListTable& table, int row, int column) const {
    return table.model()->index(row, column).data().toString();
  }
  [[nodiscard]] QAbstractButton* openButton() const {
    for (auto* each : page_->findChildren<QAbstractButton*>()) {
      const bool names = each->text().contains(QStringLiteral("stream"));
      if (names && each->text().startsWith(QStringLiteral("Open "))) return each;
    }
    return nullptr;
  }
  template <typename Field>
  [[nodiscard]] Field* named(const QString& name) const {
    for (auto* each : page_->findChildren<Field*>())
      if (each->accessibleName() == name) return each;
    return nullptr;
  }
  [[nodiscard]] QCheckBox* box(const QString& text) const {
    return qobject_cast<QCheckBox*>(buttonOf(*page_, text));
  }
  void lookAgain() {
    page_->setInView(false);
    page_->setInView(true);
  }
  void putAll() {
    streams().put({stream(1, State::Open), waiting(2, QStringLiteral("not_now"), 9800),
                   closed(3, QStringLiteral("invalid_token")), stream(4, State::Connecting)});
  }
  void receiveSome() {
    const QString order = QStringLiteral("{\"id\":4711,\n \"state\":\"paid\"}");
    const auto name = QStringLiteral("order.updated"), id = QStringLiteral("k2x9.7");
    streams().receive({note(1, StreamEvent::Kind::Opened, {}),
                       eventOf(1, QStringLiteral("snapshot"), snapshot, QStringLiteral("k2x9.6")),
                       eventOf(1, name, order, id), eventOf(2, name, order, id),
                       eventOf(1, QStringLiteral("heartbeat"), QStringLiteral("{\"time\":1700000000}"), id),
                       note(2, StreamEvent::Kind::Retry, QStringLiteral("not_now"), 9800),
                       eventOf(2, QStringLiteral("reset"), QStringLiteral("{}"), QStringLiteral("k2x9.9")),
                       note(3, StreamEvent::Kind::Closed, QStringLiteral("invalid_token"))});
  }

 private Q_SLOTS:
  void init() {
    themes_ = std::make_unique<ThemeManager>();
    themes_->choose(ThemeChoice::Light);
    clipboard_ = std::make_unique<ClipboardGuard>();
    cluster_ = std::make_unique<FakeCluster>();
    addThree(*cluster_);
    page_ = std::make_unique<StreamsPage>(Services{*cluster_, *themes_, *clipboard_});
    page_->resize(1063, 703);
    page_->show();
    page_->setInView(true);
  }
  void cleanup() {
    page_.reset();
    cluster_.reset();
  }

  void anEmptyPageSaysWhatWouldBeHere() {
    QCOMPARE(header().verdict(), QStringLiteral("No stream is open. Each gets a token of its own and behaves as a "
                                                "browser’s EventSource does."));
    QVERIFY(textOf(*page_).contains(QStringLiteral("No stream. Open one above; what comes by it is told beside.")));
    shoot(*page_, *themes_, QStringLiteral("streams-empty"));
  }

  void theBadgeFollowsTheInstancesOutOfView() {
    page_->setInView(false);
    QSignalSpy badges(page_.get(), &Page::badgeChanged);
    const auto tell = [this](int slot, qint64 open, InstanceState state) {
      auto info = cluster_->instances().at(slot);
      info.streams = open;
      info.state = state;
      cluster_->setInstance(info);
    };
    tell(0, 4, InstanceState::Live);
    QCOMPARE(badges.last().first().value<Badge>().text, QStringLiteral("4"));
    tell(1, 3, InstanceState::Live);
    QCOMPARE(badges.last().first().value<Badge>().text, QStringLiteral("7"));
    tell(1, 3, InstanceState::Unreachable);  // what it held counts no more
    QCOMPARE(badges.last().first().value<Badge>().text, QStringLiteral("4"));
  }

  void anEventIsShownOnceThoughItWasFoundBeforeItWasTold() {
    QMetaObject::Connection once;
    // As a filter that is typed between the two does.
    once = connect(&streams(), &cluster::Streams::changed, this, [&] {
      disconnect(once);
      page_->findChild<StreamEventsView*>()->showOf({1, 2, 3});
    });
    putAll();
    once = connect(&streams(), &cluster::Streams::changed, this, [&] {
      disconnect(once);
      page_->findChild<StreamEventsView*>()->showOf({});
    });
    receiveSome();
    const auto held = static_cast<int>(streams().events().size());
    QCOMPARE(events().model()->rowCount(), held);
    QVERIFY(textOf(*page_).contains(QStringLiteral("Showing %1 of %1").arg(held)));
    receiveSome();
    QCOMPARE(events().model()->rowCount(), 2 * held);
  }

  void theFormOpensWhatItSays_data() {
    QTest::addColumn<QString>("target");
    QTest::addColumn<int>("where");
    QTest::addColumn<int>("slot");
    QTest::newRow("in turn") << "Any (in turn)" << int(StreamSpec::Where::InTurn) << -1;
    QTest::newRow("all") << "Every instance" << int(StreamSpec::Where::EveryInstance) << -1;
    QTest::newRow("one") << "fra-2" << int(StreamSpec::Where::Instance) << 1;
    QTest::newRow("balancer") << "Balancer" << int(StreamSpec::Where::Balancer) << -1;
  }
  void theFormOpensWhatItSays() {
    QFETCH(QString, target);
    QFETCH(int, where);
    cluster::Profile profile = cluster_->profile();
    profile.balancer = QUrl(QStringLiteral("http://127.0.0.1:8080"));
    cluster_->setProfile(profile);
    lookAgain();
    named<QComboBox>(QStringLiteral("Instance"))->setCurrentText(target);
    named<QSpinBox>(QStringLiteral("Count"))->setValue(4);
    box(QStringLiteral("Single use"))->setChecked(true);
    named<QLineEdit>(QStringLiteral("Last event id"))->setText(QStringLiteral(" k2x9.7 "));
    openButton()->click();
    QCOMPARE(streams().opened.size(), 1);
    const StreamSpec spec = streams().opened.first();
    QCOMPARE(static_cast<int>(spec.where), where);
    QTEST(spec.slot, "slot");
    QCOMPARE(spec.count, 4);
    QVERIFY(spec.singleUse);
    QCOMPARE(spec.lastEventId, QStringLiteral("k2x9.7"));
  }

  void theButtonSaysHowMany() {
    QCOMPARE(openButton()->text(), QStringLiteral("Open 1 stream"));
    named<QSpinBox>(QStringLiteral("Count"))->setValue(5);
    QCOMPARE(openButton()->text(), QStringLiteral("Open 5 streams"));
    named<QComboBox>(QStringLiteral("Instance"))->setCurrentText(QStringLiteral("Every instance"));
    QCOMPARE(openButton()->text(), QStringLiteral("Open 15 streams"));
  }

  void aRefusalIsSaidInTheForm() {
    streams().refusal.kind = cluster::Failure::Kind::BadAnswer;
    streams().refusal.code = QStringLiteral("too_many_streams");
    openButton()->click();
    QVERIFY(textOf(*page_).contains(QStringLiteral("More than 200 streams would be open.")));
  }

  void readOnlyOpensNothing() {
    cluster_->setCanChange(false);
    QVERIFY(!openButton()->isEnabled());
    QVERIFY(openButton()->toolTip().startsWith(QStringLiteral("Read-only profile.")));
    page_->run();
    QVERIFY(streams().opened.isEmpty());
  }

  void readOnlyProductionAsksForTheName() {
    cluster::Profile profile = cluster_->profile();
    profile.environment = cluster::Environment::Production;
    cluster_->setProfile(profile);
    cluster_->setCanChange(false);
    lookAgain();
    openButton()->click();
    auto* dialog = page_->findChild<ConfirmDialog*>();
    QVERIFY(dialog != nullptr && dialog->nameField() != nullptr);
    QVERIFY(streams().opened.isEmpty());
    dialog->reject();
  }

  void theListTellsEachState() {
    putAll();
    receiveSome();
    lookAgain();
    QCOMPARE(cell(list(), 0, StreamTableModel::State), QStringLiteral("Open"));
    QCOMPARE(cell(list(), 1, StreamTableModel::State), QStringLiteral("Retry in 10 s"));
    QCOMPARE(cell(list(), 2, StreamTableModel::State), QStringLiteral("Refused"));
    QCOMPARE(cell(list(), 3, StreamTableModel::State), QStringLiteral("Connecting"));
    QCOMPARE(cell(list(), 0, StreamTableModel::Token), QStringLiteral("3f9a…c201"));
    QCOMPARE(cell(list(), 0, StreamTableModel::LastEvent), QStringLiteral("3 s"));
    QCOMPARE(header().verdict(), QStringLiteral("1 stream refused for good. #3 on fra-3: its token is not accepted."));
    shoot(*page_, *themes_, QStringLiteral("streams-states"));
  }

  void theVerdictTellsWhatWaits() {
    streams().put({stream(1, State::Open), waiting(2, QStringLiteral("drain"), 900)});
    QCOMPARE(header().verdict(), QStringLiteral("1 of 2 streams waits to come back. #2 on fra-2: the instance drains."));
    streams().put({stream(1, State::Open)});
    QCOMPARE(header().verdict(), QStringLiteral("1 stream open. 12 events, the last 3 s ago."));
  }

  void theEventsAreThoseOfTheChosen() {
    putAll();
    receiveSome();
    QCOMPARE(events().model()->rowCount(), 8);
    list().selectRow(1);
    QCOMPARE(events().model()->rowCount(), 3);
    QCOMPARE(cell(events(), 1, StreamEventModel::Data), QStringLiteral("in 9.8 s, can’t tell"));
    page_->escape();
    QCOMPARE(events().model()->rowCount(), 8);
    QCOMPARE(cell(events(), 2, StreamEventModel::Data), QStringLiteral("{\"id\":4711, \"state\":\"paid\"}"));
    QCOMPARE(cell(events(), 7, StreamEventModel::Data), QStringLiteral("for good: its token is not accepted"));
  }

  void theFilterAndTheHeartbeats() {
    putAll();
    receiveSome();
    named<QLineEdit>(QStringLiteral("Filter"))->setText(QStringLiteral("ORDER"));
    QCOMPARE(events().model()->rowCount(), 2);
    page_->escape();
    box(QStringLiteral("Heartbeats"))->setChecked(false);
    QCOMPARE(events().model()->rowCount(), 7);
  }

  void theChosenEventIsShownWholeAndCanBeGoneOnFrom() {
    putAll();
    receiveSome();
    events().selectRow(2);
    auto* whole = page_->findChild<QPlainTextEdit*>();
    QVERIFY(whole->isVisible());
    QVERIFY(whole->toPlainText().contains(QStringLiteral("    \"id\": 4711")));
    shoot(*page_, *themes_, QStringLiteral("streams-chosen"));
    buttonOf(*page_, QStringLiteral("Open from here"))->click();
    QCOMPARE(named<QLineEdit>(QStringLiteral("Last event id"))->text(), QStringLiteral("k2x9.7"));
  }

  void pausedItStandsStill() {
    putAll();
    receiveSome();
    page_->setPaused(true);
    receiveSome();
    streams().put({stream(1, State::Open)});
    QCOMPARE(events().model()->rowCount(), 8);
    QCOMPARE(list().model()->rowCount(), 4);
    QVERIFY(header().verdict().startsWith(QStringLiteral("Paused.")));
    page_->setPaused(false);
    QCOMPARE(events().model()->rowCount(), 16);
    QCOMPARE(list().model()->rowCount(), 1);
  }

  void whatFallsOutIsNotShown() {
    QList<StreamEvent> many(cluster::Streams::mostEvents + 100, eventOf(1, QStringLiteral("x"), QStringLiteral("1")));
    streams().receive(many.mid(0, 1500));
    streams().receive(many.mid(1500));
    QCOMPARE(events().model()->rowCount(), cluster::Streams::mostEvents);
  }

  void theButtonsActOnTheChosen() {
    putAll();
    QVERIFY(!buttonOf(*page_, QStringLiteral("Reconnect"))->isEnabled());
    list().selectRow(0);
    buttonOf(*page_, QStringLiteral("Reconnect"))->click();
    buttonOf(*page_, QStringLiteral("Close"))->click();
    QCOMPARE(streams().asked, (QStringList{QStringLiteral("reconnect 1"), QStringLiteral("close 1")}));
    list().selectRow(2);
    QVERIFY(!buttonOf(*page_, QStringLiteral("Close"))->isEnabled());
    cluster_->setCanChange(false);
    QVERIFY(!buttonOf(*page_, QStringLiteral("Reconnect"))->isEnabled());  // it would need a fresh token
    list().selectRow(1);
    QVERIFY(buttonOf(*page_, QStringLiteral("Reconnect"))->isEnabled());
    buttonOf(*page_, QStringLiteral("Remove"))->click();
    QCOMPARE(streams().asked.last(), QStringLiteral("forget 2"));
    QCOMPARE(list().model()->rowCount(), 3);
  }

  void rowsAreCopiedMasked() {
    putAll();
    receiveSome();
    list().selectRow(0);
    list().setFocus();
    QTest::keyClick(&list(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("#1\tOpen\tfra-1\t3f9a…c201\t12\t3 s"));
    events().selectRow(1);
    QTest::keyClick(&events(), Qt::Key_C, Qt::ControlModifier);
    QVERIFY(QGuiApplication::clipboard()->text().endsWith(QStringLiteral("\tk2x9.6\tsnapshot\t") + snapshot));
  }

  void theExportIsWhatIsShown() {
    putAll();
    receiveSome();
    streams().receive({eventOf(1, QStringLiteral("=cmd"), QStringLiteral("a,\"b\""))});
    const QList<QByteArray> lines = page_->csv().trimmed().split('\n');
    QCOMPARE(lines.first(), QByteArray("time,stream,instance,kind,id,name,data,bytes"));
    QVERIFY(page_->csv().contains(",note,,retry,\"in 9.8 s, can’t tell\",0"));
    QVERIFY(lines.last().endsWith(",event,,'=cmd,\"a,\"\"b\"\"\",5"));
    QVERIFY(page_->canSave());
  }

  void publishingSendsJsonOrText() {
    QCOMPARE(StreamPublish::dataOf(QStringLiteral("{\"a\":1}")), QJsonValue(QJsonObject{{QStringLiteral("a"), 1}}));
    QCOMPARE(StreamPublish::dataOf(QStringLiteral("7")), QJsonValue(7));
    QCOMPARE(StreamPublish::dataOf(QStringLiteral("1, 2")), QJsonValue(QStringLiteral("1, 2")));
    QCOMPARE(StreamPublish::dataOf(QStringLiteral("hello")), QJsonValue(QStringLiteral("hello")));
    auto* button = buttonOf(*page_, QStringLiteral("Publish"));
    QVERIFY(!button->isEnabled());
    auto* name = named<QLineEdit>(QStringLiteral("Name of the event"));
    name->setText(QStringLiteral("heartbeat"));
    QCOMPARE(button->toolTip(), QStringLiteral("heartbeat is an event of the service’s own."));
    name->setText(QStringLiteral("two words"));
    QVERIFY(!button->isEnabled());
    name->setText(QStringLiteral("order.updated"));
    putAll();
    list().selectRow(0);
    button->click();
    QCOMPARE(cluster_->publishSpec.event, QStringLiteral("order.updated"));
    QCOMPARE(cluster_->publishSpec.slot, 0);
    QSignalSpy said(page_.get(), &Page::message);
    cluster_->publishJob->finish(cluster::PublishOutcome{QStringLiteral("k2x9.8"), 0, {}});
    QCOMPARE(said.last().first().toString(), QStringLiteral("Published order.updated on fra-1"));
  }

  void publishingInProductionAsks() {
    cluster::Profile profile = cluster_->profile();
    profile.environment = cluster::Environment::Production;
    cluster_->setProfile(profile);
    lookAgain();
    named<QLineEdit>(QStringLiteral("Name of the event"))->setText(QStringLiteral("order.updated"));
    buttonOf(*page_, QStringLiteral("Publish"))->click();
    QVERIFY(page_->findChild<ConfirmDialog*>() != nullptr);
    QVERIFY(!cluster_->publishJob);
  }

  void anUnreachableInstanceHasItsBar() {
    cluster::InstanceInfo gone = cluster_->instances()[1];
    gone.state = InstanceState::Unreachable;
    gone.reason = QStringLiteral("connection_refused");
    gone.unreachableSince = start - 5000;
    cluster_->setInstance(gone);
    putAll();
    receiveSome();
    QVERIFY(page_->findChild<InlineBar*>()->text().contains(QStringLiteral("Its streams come back by themselves")));
    shoot(*page_, *themes_, QStringLiteral("streams-away"));
    gone.state = InstanceState::Live;
    cluster_->setInstance(gone);
    QCOMPARE(page_->findChild<InlineBar*>()->causeCount(), 0);
  }

  void theSmallestWindowHoldsIt() {
    cluster::InstanceInfo gone = cluster_->instances()[1];
    gone.state = InstanceState::Unreachable;
    cluster_->setInstance(gone);
    putAll();
    receiveSome();
    page_->resize(975, 540);
    events().selectRow(2);
    QCoreApplication::processEvents();
    const QSize least = page_->minimumSizeHint();
    QVERIFY2(least.width() <= 975 && least.height() <= 540,
             qPrintable(QStringLiteral("%1 x %2").arg(least.width()).arg(least.height())));
    QVERIFY(list().height() >= 3 * rowHeightOf(Density::Normal));
    QVERIFY(events().height() >= 4 * rowHeightOf(Density::Normal));
    QVERIFY(events().isColumnHidden(StreamEventModel::Id));
    QVERIFY(!events().isColumnHidden(StreamEventModel::Stream));
    if (const QString folder = qEnvironmentVariable("VX11_SHOTS"); !folder.isEmpty())
      page_->grab().save(folder + QStringLiteral("/streams-small.png"));
  }

  void columnsAreRestored() {
    list().setColumnHidden(StreamTableModel::Token, true);
    events().setColumnWidth(StreamEventModel::Name, 177);
    named<QSpinBox>(QStringLiteral("Count"))->setValue(7);
    const QVariantMap state = page_->viewState();
    page_ = std::make_unique<StreamsPage>(Services{*cluster_, *themes_, *clipboard_});
    page_->restoreViewState(state);
    QVERIFY(list().isColumnHidden(StreamTableModel::Token));
    QCOMPARE(events().columnWidth(StreamEventModel::Name), 177);
    QCOMPARE(named<QSpinBox>(QStringLiteral("Count"))->value(), 7);
    const QVariantMap none{{QStringLiteral("hidden"), QVariantList(6, true)}};
    page_->restoreViewState({{QStringLiteral("streams"), none}});
    QVERIFY(!list().isColumnHidden(StreamTableModel::State));  // never all
  }

  void reasonsHaveWords_data() {
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("words");
    QTest::newRow("drain") << "drain" << "the instance drains";
    QTest::newRow("status") << "http_502" << "answered 502";
    QTest::newRow("network") << "connection_refused" << "connection refused";
    QTest::newRow("revoked") << "revoked" << "its token was revoked";
  }
  void reasonsHaveWords() {
    QFETCH(QString, code);
    QTEST(ui::streams::reason(code), "words");
  }
};

QTEST_MAIN(StreamsPageTest)
#include "streams_page_test.moc"
