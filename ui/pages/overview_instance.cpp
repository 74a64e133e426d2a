#include "pages/overview_instance.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QVBoxLayout>

#include "widgets/elided_label.h"
#include "widgets/figure.h"
#include "widgets/metrics.h"
#include "widgets/sparkline.h"
#include "widgets/text_label.h"

namespace vx11::ui {

using cluster::InstanceInfo;
using cluster::InstanceState;

InstanceMenu::InstanceMenu(QWidget* parent) : IconButton(QStringLiteral("three-dots"), tr("More"), parent) {
  connect(this, &QAbstractButton::clicked, this, &InstanceMenu::open);
}

void InstanceMenu::open() {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const QString& text, InstanceVerb verb) {
    return menu->addAction(text, this, [this, verb] { Q_EMIT chosen(verb); });
  };
  add(tr("Open its tokens"), InstanceVerb::OpenTokens);
  add(tr("Open its charts"), InstanceVerb::OpenCharts);
  menu->addSeparator();
  add(tr("Copy address"), InstanceVerb::CopyAddress);
  QAction* retry = add(tr("Retry now"), InstanceVerb::RetryNow);
  retry->setEnabled(unreachable_);
  if (!unreachable_) retry->setToolTip(tr("It answers."));
  if (extras_) extras_(*menu);
  menu->setToolTipsVisible(true);
  menu->popup(mapToGlobal(QPoint(0, height())));
}

void showInstanceState(Card& card, const InstanceInfo& info) {
  const Mark mark = markOf(info.state);
  card.setId(info.id);
  card.setMark(mark);
  const bool apart = info.reason == QStringLiteral("other_mode");
  // Of one that never answered everything is unknown; its tag would only take the room of the state's word.
  const bool nothingKnown = info.mode.isEmpty() && info.state == cluster::InstanceState::Unreachable;
  card.setTag(!info.mode.isEmpty() ? info.mode
              : nothingKnown       ? QString()
                                   : format::unknown(),
              apart ? std::optional(Token::Warn) : std::nullopt);
  card.setHeaderWord(markWord(mark), markWordColor(mark));
  const bool critical = isTrouble(mark) && markColor(mark) == Token::Crit;
  card.setEdge(critical ? Card::Edge::Critical : isTrouble(mark) ? Card::Edge::Warning : Card::Edge::Quiet);
  card.setAccessibleName(QStringLiteral("%1, %2").arg(info.id, markWord(mark)));
}

format::Quantity checkP95(const InstanceInfo& info) {
  if (info.checkLatency && info.checkLatency->count == 0)
    return {InstanceCard::tr("none", "no check was measured"), {}, false};
  return format::latencyParts(info.checkLatency ? std::optional(info.checkLatency->p95) : std::nullopt);
}

InstanceCard::InstanceCard(QWidget* parent)
    : Card({}, parent),
      tokens_(new Figure(tr("Live tokens"))),
      streams_(new Figure(tr("Streams"))),
      issue_(new Figure(tr("Issue"), Figure::Size::Small)),
      check_(new Figure(tr("Check"), Figure::Size::Small)),
      p95_(new Figure(tr("Check p95"), Figure::Size::Small)),
      curve_(new Sparkline(tr("Checks per second, last 5 min"))),
      notReported_(new TextLabel(tr("not reported"), FontRole::Label, Token::Text3)),
      age_(new TextLabel({}, FontRole::Label, Token::Text3)),
      foot_(new ElidedLabel({}, FontRole::Label, Token::Text2)),
      menu_(new InstanceMenu) {
  auto* large = new QHBoxLayout;
  large->setSpacing(metrics::space8);
  large->addWidget(tokens_, 1);
  large->addWidget(streams_, 1);
  auto* small = new QHBoxLayout;
  small->setSpacing(metrics::space8);
  for (Figure* figure : {issue_, check_, p95_}) small->addWidget(figure, 1);
  curve_->setFixedHeight(26);
  notReported_->setFixedHeight(26);
  notReported_->hide();
  body()->setSpacing(metrics::space4);
  body()->addLayout(large);
  body()->addLayout(small);
  auto* past = new QHBoxLayout;
  past->setSpacing(metrics::space8);
  past->addWidget(curve_, 1);
  past->addWidget(age_);
  body()->addLayout(past);
  body()->addWidget(notReported_);
  body()->addStretch(1);
  foot()->addWidget(foot_, 1);
  foot()->addWidget(menu_);
  setClickable(true);
  connect(this, &Card::activated, this, [this] { Q_EMIT chosen(InstanceVerb::OpenCharts); });
  connect(menu_, &InstanceMenu::chosen, this, &InstanceCard::chosen);
}

void InstanceCard::setAlarm(bool on) {
  if (on && age_->text().isEmpty()) curve_->setTone(Sparkline::Tone::Warning);
}

void InstanceCard::display(const InstanceInfo& info, const overview::Look& look) {
  showInstanceState(*this, info);
  const QString age = overview::staleAge(info, look);
  tokens_->setCount(info.liveTokens);
  streams_->setCount(info.streams);
  issue_->setQuantity(format::rateParts(info.issueRate));
  check_->setQuantity(format::rateParts(info.checkRate));
  p95_->setQuantity(checkP95(info));
  for (Figure* figure : {tokens_, streams_, issue_, check_, p95_}) figure->setStale(age);
  const bool reported = info.internalCalls;
  age_->setText(age);
  age_->setVisible(!age.isEmpty());
  curve_->setVisible(reported);
  notReported_->setVisible(!reported);
  curve_->setTone(age.isEmpty() ? Sparkline::Tone::Quiet : Sparkline::Tone::Idle);
  foot_->setText(overview::footWords(info, look));
  setToolTip(format::address(info.url));
  menu_->setUnreachable(info.state == InstanceState::Unreachable);
  setAccessibleDescription(age.isEmpty() ? foot_->text() : QStringLiteral("%1, %2").arg(foot_->text(), age));
}

void InstanceCard::setChecks(std::vector<double> values) { curve_->setValues(std::move(values)); }

}  // namespace vx11::ui
