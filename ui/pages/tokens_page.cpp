#include "pages/tokens_page.h"

#include <QDateTime>
#include <QPushButton>
#include <QResizeEvent>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "delegates/countdown.h"
#include "dialogs/framed_box.h"
#include "models/token_table_model.h"
#include "models/token_words.h"
#include "pages/away_causes.h"
#include "pages/cluster_health.h"
#include "pages/overview_power.h"
#include "pages/overview_words.h"
#include "pages/save_file.h"
#include "pages/token_away.h"
#include "pages/token_check_popup.h"
#include "pages/token_commands.h"
#include "pages/token_csv.h"
#include "pages/token_details.h"
#include "pages/token_filter_bar.h"
#include "pages/token_issue_form.h"
#include "pages/token_reveal.h"
#include "pages/token_sentences.h"
#include "pages/token_side_panel.h"
#include "pages/token_table_view.h"
#include "pages/token_verdict.h"
#include "widgets/cap_button.h"
#include "widgets/divider.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/inline_bar.h"
#include "widgets/metrics.h"
#include "widgets/page_header.h"

namespace vx11::ui {
namespace {

constexpr int narrowWindow = 1100, soonMs = 5000;
constexpr int fewRows = 5000;  // counting what ends soon costs nothing; of more it is counted once a second

}  // namespace

TokensPage::TokensPage(const Services& services, QWidget* parent)
    : Page(services, parent),
      countdown_(new Countdown([this] { return cluster().now(); }, this)),
      model_(new TokenTableModel(
          {[this] { return countdown_->now(); }, [this](int issuer) { return cluster().tokens().issuerName(issuer); }},
          this)),
      view_(new TokenTableView(*model_, *countdown_)),
      reveal_(new TokenReveal(cluster(), this)),
      commands_(new TokenCommands(services, *model_, *view_, *reveal_, this)),
      header_(new PageHeader(tr("Tokens"))),
      bar_(new InlineBar),
      filter_(new TokenFilterBar(*view_)),
      stack_(new QStackedWidget),
      none_(new EmptyState(QStringLiteral("key"), {}, tr("Issue 1 token"))),
      unmatched_(new EmptyState(QStringLiteral("funnel"), {}, tr("Clear filter"))),
      form_(new TokenIssueForm(cluster())),
      details_(new TokenDetails),
      away_(new TokenAwayCard),
      side_(new TokenSidePanel(form_, details_, away_)),
      popup_(new TokenCheckPopup(cluster(), this)),
      check_(new CapButton(tr("Check a token"), QStringLiteral("check-lg"), {})),
      revokeAll_(new CapButton(tr("Revoke all"), QStringLiteral("slash-circle"), {})) {
  setAccessibleName(tr("Tokens"));
  build();
  connectAll();
  instancesChanged();
  refreshCounts();
}

TokensPage::~TokensPage() = default;

void TokensPage::build() {
  check_->setToolTip(tr("Ask every instance whether a token is valid (Ctrl+E)"));
  revokeAll_->setProperty("destructive", true);
  header_->addAction(check_);
  header_->addAction(revokeAll_);
  none_->button()->setProperty("primary", true);

  auto* table = new FramedBox;
  auto* tableRows = new QVBoxLayout(table);
  tableRows->setContentsMargins(1, 1, 1, 1);
  tableRows->setSpacing(0);
  tableRows->addWidget(filter_);
  tableRows->addWidget(new Divider);
  stack_->addWidget(view_);
  stack_->addWidget(none_);
  stack_->addWidget(unmatched_);
  tableRows->addWidget(stack_, 1);

  content_ = new QBoxLayout(QBoxLayout::LeftToRight);
  content_->setSpacing(metrics::cardGap);
  content_->addWidget(table, 1);
  content_->addWidget(side_);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::pageSide, metrics::pageTop, metrics::pageSide, metrics::pageSide);
  column->setSpacing(metrics::cardGap);
  column->addWidget(header_);
  column->addWidget(bar_);
  column->addLayout(content_, 1);
  setFocusProxy(view_);
}

void TokensPage::connectAll() {
  auto& source = cluster();
  connect(&source.tokens(), &cluster::Tokens::changed, this, &TokensPage::takeBatch);
  connect(&source, &cluster::Cluster::instanceChanged, this, &TokensPage::instancesChanged);
  connect(&source, &cluster::Cluster::instancesChanged, this, &TokensPage::instancesChanged);
  connect(&source, &cluster::Cluster::canChangeChanged, this, &TokensPage::instancesChanged);
  connect(&source, &cluster::Cluster::redisChanged, this, &TokensPage::instancesChanged);
  connect(&source, &cluster::Cluster::sampled, this, &TokensPage::refreshVerdict);
  connect(countdown_, &Countdown::ticked, this, &TokensPage::tick);

  connect(model_, &TokenTableModel::countsChanged, this, &TokensPage::refreshCounts);
  // Rows on their way out are known for a moment longer: the card looks when all is in place.
  connect(model_, &TokenTableModel::structureAboutToChange, this, [this] { rowsMoving_ = true; });
  connect(model_, &TokenTableModel::structureChanged, this, [this] {
    rowsMoving_ = false;
    if (wanted_ && model_->rowOf(*wanted_)) view_->selectOnly(*std::exchange(wanted_, std::nullopt));
    refreshDetails();
  });
  connect(model_, &TokenTableModel::settled, this, &TokensPage::refreshVerdict);
  connect(view_, &TokenTableView::selectedChanged, this, &TokensPage::refreshDetails);
  connect(view_, &TokenTableView::selectionDropped, this, [this](int count) {
    Q_EMIT message(
        tr("The selection of %1 was cleared: too many others stand between them now").arg(tokens::count(count)));
  });
  connect(reveal_, &TokenReveal::changed, this, &TokensPage::refreshDetails);
  connect(commands_, &TokenCommands::changed, this, &TokensPage::refreshDetails);
  connect(commands_, &TokenCommands::message, this, &Page::message);

  connect(check_, &QPushButton::clicked, this, &TokensPage::checkToken);
  connect(revokeAll_, &QPushButton::clicked, this, &TokensPage::revokeAll);
  connect(filter_, &TokenFilterBar::filterChanged, model_, &TokenTableModel::setFilter);
  connect(filter_, &TokenFilterBar::exportWanted, this, &TokensPage::save);
  connect(none_, &EmptyState::activated, this, &TokensPage::emptyActivated);
  connect(unmatched_, &EmptyState::activated, filter_, &TokenFilterBar::clear);
  connect(form_, &TokenIssueForm::message, this, &Page::message);
  connect(form_, &TokenIssueForm::issued, this, [this](const cluster::IssueOutcome& outcome) {
    if (outcome.ids.size() == 1) wanted_ = outcome.ids.first();
  });

  connect(details_, &TokenDetails::revealWanted, commands_, &TokenCommands::revealSelected);
  connect(details_, &TokenDetails::copyValueWanted, commands_, &TokenCommands::copyValue);
  connect(details_, &TokenDetails::copyCurlWanted, commands_, &TokenCommands::copyCurl);
  connect(details_, &TokenDetails::copyEventSourceWanted, commands_, &TokenCommands::copyEventSource);
  connect(details_, &TokenDetails::checkWanted, commands_, &TokenCommands::checkSelected);
  connect(details_, &TokenDetails::revokeWanted, commands_, &TokenCommands::revokeSelected);
}

// --- what the shell asks for

void TokensPage::setInView(bool inView) {
  inView_ = inView;
  countdown_->setRunning(inView);
  if (inView) return reload();
  reveal_->hide();
  cluster().tokens().setActive(false);
}

void TokensPage::setPaused(bool paused) {
  paused_ = paused;
  countdown_->setFrozen(paused);
  if (!paused && inView_) reload();
}

/// Asks for everything: of what changed meanwhile nothing was taken. Off first, or nothing comes where it was on.
void TokensPage::reload() {
  if (paused_) return;
  cluster().tokens().setActive(false);
  cluster().tokens().setActive(true);
}

void TokensPage::takeBatch(const cluster::TokenBatch& batch) {
  commands_->follow(batch);
  if (!inView_ || paused_) return;
  model_->apply(batch);
  refreshDetails();
  if (model_->total() <= fewRows) refreshVerdict();
}

void TokensPage::focusFilter() { filter_->focus(); }

void TokensPage::escape() {
  if (!reveal_->value().isEmpty()) {
    reveal_->hide();
  } else if (!filter_->clear()) {
    view_->clearSelection();
  }
}

void TokensPage::issueWithForm() { form_->issue(); }
void TokensPage::checkToken() { popup_->openUnder(check_); }
void TokensPage::revokeAll() { commands_->revokeAll(); }

void TokensPage::showToken(const cluster::TokenId& id) {
  filter_->clear();
  if (model_->rowOf(id))
    view_->selectOnly(id);
  else
    wanted_ = id;  // rows come a little later where the page was not in view
  view_->setFocus(Qt::ShortcutFocusReason);
}

void TokensPage::setIssueDefaults(int count, std::optional<int> ttlSec) { form_->setDefaults(count, ttlSec); }

/// The empty table's button issues one token, or asks again where nobody answers.
void TokensPage::emptyActivated() {
  if (tokens::whyNoAnswer(cluster()).isEmpty()) {
    form_->issue();
  } else {
    cluster().retryNow();
  }
}

void TokensPage::save() {
  reveal_->hide();  // no picture shows a value
  const SaveFormat table{
      tr("Tables (*.csv)"), QStringLiteral("csv"), {}, [this](const QString& path) { exportTo(path); }};
  saveFileAs(this, tr("Export the rows shown"), QStringLiteral("vx11-tokens"), {table, pictureOf(*this)},
             [this](const QString& said) { Q_EMIT message(said); });
}

void TokensPage::exportTo(const QString& path) {
  if (csv_) return Q_EMIT message(tr("An export is being written already"));
  csv_ = new TokenCsv(*model_, path, this);
  connect(csv_, &TokenCsv::finished, this, [this, path](int rows, const QString& error) {
    Q_EMIT message(error.isEmpty() ? tr("Exported %1, masked, to %2").arg(tokens::count(rows), path)
                                   : tr("Not exported to %1: %2").arg(path, error));
  });
  csv_->start();
}

QVariantMap TokensPage::viewState() const { return view_->viewState(); }
void TokensPage::restoreViewState(const QVariantMap& state) { view_->restoreViewState(state); }

void TokensPage::resizeEvent(QResizeEvent* event) {
  Page::resizeEvent(event);
  const bool narrow = window()->width() < narrowWindow;
  content_->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  side_->setBelow(narrow);
}

// --- what is shown

void TokensPage::instancesChanged() {
  QStringList names;
  for (const auto& info : cluster().instances()) names << tokens::instanceName(cluster(), info.slot);
  model_->setInstanceNames(names);
  refreshRedis();
  form_->refresh();
  refreshVerdict();
  refreshDetails();
}

void TokensPage::tick() {
  reveal_->tick();
  refreshVerdict();
  refreshDetails();
}

void TokensPage::refreshVerdict() {
  const auto& instances = cluster().instances();
  const qint64 now = countdown_->now();
  const auto live = health::liveTokens(cluster());
  if (inView_) {
    const tokens::Look look{now, QDateTime::currentDateTime(), live, model_->endingBetween(now, now + soonMs),
                            cluster().tokens().complete()};
    const tokens::Verdict verdict = tokens::verdictOf(instances, cluster().redis(), look);
    header_->setVerdict(verdict.mark, verdict.phrase, verdict.sentence);
    refreshBar();
    refreshButtons();
  }
  const bool away = !listAge().isEmpty();
  const Badge badge{live ? format::count(live) : QString(), away, false};
  if (badge != badge_) Q_EMIT badgeChanged(badge_ = badge);
}

void TokensPage::refreshBar() {
  refreshRedis();
  const tokens::Look look{cluster().now(), QDateTime::currentDateTime()};
  showAway(
      *bar_, cluster(), [&look](const auto& info) { return tokens::absenceMeaning(info, look); },
      [this] { Q_EMIT openLog(); });
}

/// Of the whole list where nobody answers; else of what only Redis knows, while it doesn't: the instances go on telling
/// what they issue.
QString TokensPage::listAge() const {
  const auto& instances = cluster().instances();
  if (const QString age = tokens::listAge(instances, cluster().now()); !age.isEmpty()) return tr("list is %1").arg(age);
  if (!tokens::redisAway(cluster().redis(), instances)) return {};
  const QString age = health::redisAge(cluster().redis(), cluster().now());
  return age.isEmpty() ? QString() : tr("Redis’ part is %1").arg(age);
}

void TokensPage::refreshRedis() {
  const bool away = tokens::redisAway(cluster().redis(), cluster().instances());
  model_->setRedisAway(away);
  countdown_->setStale(away || !listAge().isEmpty());
  if (away) away_->display(cluster());
  if (!inView_) return;
  const QString key = QStringLiteral("redis");
  if (!away || !tokens::whyNoAnswer(cluster()).isEmpty()) return bar_->clearCause(key);
  const auto words =
      overview::redisCause(cluster().redis(), cluster().instances(), {cluster().now(), QDateTime::currentDateTime()});
  bar_->setCause(
      {key, Mark::Unreachable, words.what, words.meaning, words.next,
       cureOf(cluster(), -1, this) +
           QList<BarAction>{{tr("Retry now"), QStringLiteral("arrow-repeat"), [this] { cluster().retryNow(); }, {}},
                            {tr("Open Redis"), {}, [this] { Q_EMIT openPage(PageId::Redis); }, {}}}});
}

void TokensPage::refreshButtons() {
  const auto set = [](QPushButton* button, const QString& why, const QString& help) {
    button->setEnabled(why.isEmpty());
    button->setToolTip(why.isEmpty() ? help : why);
  };
  const QString noChange = tokens::whyNoChange(cluster());
  set(check_, tokens::whyNoAnswer(cluster()), tr("Ask every instance whether a token is valid (Ctrl+E)"));
  set(revokeAll_, noChange.isEmpty() && cluster().tokens().liveCount() == 0 ? tr("No token is live.") : noChange,
      tr("Revoke every live token, after a question (Ctrl+Shift+Del)"));
  filter_->setAge(listAge());
}

void TokensPage::refreshCounts() {
  const bool complete = cluster().tokens().complete();
  filter_->setCounts(model_->rowCount(), model_->total(), complete && !model_->busy());
  const bool away = !tokens::whyNoAnswer(cluster()).isEmpty();
  if (model_->total() == 0) {
    std::optional<int> ttl;
    for (const auto& info : cluster().instances()) ttl = ttl ? ttl : info.ttlSec;
    none_->setSentence(away ? tr("No token is known: no instance answers.")
                            : tr("No live token. Issue one; it lives %1.").arg(words::life(ttl.value_or(60))));
    none_->button()->setText(away ? tr("Retry now") : tr("Issue 1 token"));
  } else if (model_->rowCount() == 0) {
    unmatched_->setSentence(tr("None of %1 matches “%2”.").arg(tokens::count(model_->total()), model_->filter()));
  }
  QWidget* shown = model_->rowCount() > 0                               ? static_cast<QWidget*>(view_)
                   : model_->total() > 0 && !model_->filter().isEmpty() ? unmatched_
                                                                        : none_;
  if (stack_->currentWidget() != shown) stack_->setCurrentWidget(shown);
}

void TokensPage::refreshDetails() {
  if (!inView_ || rowsMoving_) return;
  const int count = view_->selectedCount();
  const auto ids = view_->selectedIds(1);
  const QString noChange = tokens::whyNoChange(cluster());
  details_->setPosition(count == 0 ? QString()
                                   : tr("%1 of %2").arg(format::count(count), format::count(model_->rowCount())));
  if (count == 1) {
    chosen_ = *model_->find(ids.first());
  } else if (count > 1 || (chosen_ && model_->find(chosen_->id) != nullptr)) {
    chosen_.reset();  // several, or no longer chosen; one that has ended stays to be read
  }
  if (!chosen_ || !reveal_->shows(chosen_->id)) reveal_->hide();
  side_->setAway(count == 0 && !chosen_ && tokens::redisAway(cluster().redis(), cluster().instances()));
  if (count > 1) return details_->showSeveral(count, noChange);
  if (!chosen_) {
    view_->hideRevealed();
    return details_->showNone();
  }
  TokenDetails::Facts facts;
  facts.row = *chosen_;
  const qint64 now = countdown_->now();
  facts.ended = !words::alive(facts.row, now) || count == 0;
  facts.state = facts.ended && facts.row.state == cluster::TokenState::Live ? words::state(cluster::TokenState::Expired)
                                                                            : words::stateAt(facts.row, now);
  facts.issuedBy = model_->issuerText(facts.row);
  facts.value = reveal_->value();
  facts.revealedSeconds = reveal_->secondsLeft();
  facts.whyNoChange = noChange;
  facts.whyNoAnswer = tokens::whyNoAnswer(cluster());
  facts.checking = commands_->checking();
  facts.checks = commands_->checks().of(facts.row.id);
  if (facts.checks) facts.lastCheckedBy = tokens::instanceName(cluster(), facts.checks->last.slot);
  details_->showOne(facts);
  if (facts.value.isEmpty()) {
    view_->hideRevealed();
  } else {
    view_->reveal(facts.row.id, facts.value);
  }
}

}  // namespace vx11::ui
