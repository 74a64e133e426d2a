#include "pages/token_details.h"

#include <QDateTime>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "pages/token_reveal.h"
#include "pages/token_sentences.h"
#include "widgets/cap_button.h"
#include "widgets/divider.h"
#include "widgets/format.h"
#include "widgets/icon_button.h"
#include "widgets/key_value.h"
#include "widgets/metrics.h"
#include "widgets/tag.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {

constexpr int footHeight = 40;  // holds a button, where other cards have words

/// A place to break at after each group, so that 36 characters without a space fit the panel.
QString breakable(QString text) { return text.replace(u'-', QStringLiteral("-\u200b")); }

}  // namespace

TokenDetails::TokenDetails(QWidget* parent)
    : Card(tr("Selected token"), parent),
      pages_(new QStackedWidget),
      summary_(new TextLabel({}, FontRole::Body, Token::Text2)) {
  auto* quiet = new QWidget;
  auto* quietRows = new QVBoxLayout(quiet);
  quietRows->setContentsMargins(0, 0, 0, 0);
  summary_->setWordWrap(true);
  quietRows->addWidget(summary_);
  quietRows->addStretch();
  pages_->addWidget(quiet);
  pages_->addWidget(makeOne());
  body()->addWidget(pages_);
  body()->addStretch();

  revoke_ = new CapButton({}, QStringLiteral("slash-circle"), {});
  revoke_->setProperty("destructive", true);
  revoke_->setProperty("small", true);
  connect(revoke_, &QPushButton::clicked, this, &TokenDetails::revokeWanted);
  foot()->parentWidget()->setFixedHeight(footHeight);
  foot()->addWidget(revoke_);
  foot()->addStretch();
  foot()->addWidget(new Tag(QStringLiteral("Del"), TagKind::KeyCap));
  showNone();
}

QPushButton* TokenDetails::makeButton(const QString& icon, const QString& text, const QString& keys) {
  auto* button = new CapButton(text, icon, {});
  button->setProperty("small", true);
  button->setAccessibleDescription(keys);
  button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  return button;
}

QWidget* TokenDetails::makeOne() {
  value_ = new TextLabel({}, FontRole::Fixed);
  value_->setWordWrap(true);
  eye_ = new IconButton(QStringLiteral("eye"), tr("Reveal for %1 s (Ctrl+Shift+R)").arg(revealSeconds));
  revealed_ = new TextLabel({}, FontRole::Label, Token::Text2);
  auto* eyeRow = new QHBoxLayout;
  eyeRow->setSpacing(metrics::space4);
  eyeRow->addWidget(eye_);
  eyeRow->addWidget(revealed_, 1);
  auto* top = new QVBoxLayout;
  top->setSpacing(metrics::space8);
  top->addWidget(value_);
  top->addLayout(eyeRow);

  auto* facts = new KeyValueList;
  id_ = facts->add(tr("Id"), FontRole::Fixed);
  issuedBy_ = facts->add(tr("Issued by"));
  issuedAt_ = facts->add(tr("Issued at"));
  expiresAt_ = facts->add(tr("Expires at"));
  checks_ = facts->add(tr("Checks"));
  lastCheck_ = facts->add(tr("Last check"));

  copyValue_ = makeButton(QStringLiteral("clipboard"), tr("Copy value"), QStringLiteral("Ctrl+Shift+C"));
  copyCurl_ = makeButton(QStringLiteral("terminal"), tr("Copy curl"), QStringLiteral("Ctrl+Alt+C"));
  eventSource_ = makeButton(QStringLiteral("code-slash"), tr("EventSource"), QStringLiteral("Ctrl+Alt+E"));
  check_ = makeButton(QStringLiteral("check-lg"), tr("Check"), {});
  auto* buttons = new QGridLayout;
  buttons->setSpacing(metrics::space8);
  buttons->addWidget(copyValue_, 0, 0);
  buttons->addWidget(copyCurl_, 0, 1);
  buttons->addWidget(eventSource_, 1, 0);
  buttons->addWidget(check_, 1, 1);

  auto* one = new QWidget;
  auto* rows = new QVBoxLayout(one);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(metrics::space8);
  parts_ = new QBoxLayout(QBoxLayout::TopToBottom);
  parts_->setSpacing(metrics::space8);
  parts_->addLayout(top);
  line_ = new Divider;
  parts_->addWidget(line_);
  parts_->addWidget(facts, 1);
  rows->addLayout(parts_);
  rows->addWidget(new Divider);
  rows->addLayout(buttons);

  connect(eye_, &IconButton::clicked, this, &TokenDetails::revealWanted);
  connect(copyValue_, &QPushButton::clicked, this, &TokenDetails::copyValueWanted);
  connect(copyCurl_, &QPushButton::clicked, this, &TokenDetails::copyCurlWanted);
  connect(eventSource_, &QPushButton::clicked, this, &TokenDetails::copyEventSourceWanted);
  connect(check_, &QPushButton::clicked, this, &TokenDetails::checkWanted);
  return one;
}

// What isn't shown needs no place.
void TokenDetails::showPart(int part) {
  for (int i = 0; i < pages_->count(); ++i) {
    const auto policy = i == part ? QSizePolicy::Preferred : QSizePolicy::Ignored;
    pages_->widget(i)->setSizePolicy(policy, policy);
  }
  pages_->setCurrentIndex(part);
}

void TokenDetails::setWide(bool wide) {
  parts_->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
  parts_->setSpacing(wide ? metrics::space24 : metrics::space8);
  line_->setVisible(!wide);
}

void TokenDetails::setPosition(const QString& words) { setHeaderWord(words, Token::Text2); }

void TokenDetails::setRevoke(const QString& text, const QString& why) {
  revoke_->setText(text);
  revoke_->setEnabled(why.isEmpty());
  revoke_->setToolTip(why);
}

void TokenDetails::showNone() {
  summary_->setText(tr("Choose a token in the table; what is known of it stands here."));
  showPart(0);
  setRevoke(tr("Revoke this token"), tr("No token is selected."));
}

void TokenDetails::showSeveral(int count, const QString& whyNoChange) {
  summary_->setText(tr("%1 are selected.").arg(tokens::count(count)));
  showPart(0);
  setRevoke(tr("Revoke %1").arg(tokens::count(count)), whyNoChange);
}

void TokenDetails::showOne(const Facts& facts) {
  const cluster::TokenRow& row = facts.row;
  showPart(1);
  value_->setText(facts.value.isEmpty() ? row.masked() : breakable(facts.value));
  const bool shown = !facts.value.isEmpty();
  eye_->setIconName(shown ? QStringLiteral("eye-slash") : QStringLiteral("eye"),
                    shown ? tr("Hide (Ctrl+Shift+R)") : tr("Reveal for %1 s (Ctrl+Shift+R)").arg(revealSeconds));
  const QString notOwn = tr("Only tokens issued from this console can be revealed: the service tells nobody else's.");
  const QString over = tr("This token has ended.");
  const QString noValue = facts.ended ? over : row.own ? QString() : notOwn;
  eye_->setDisabledBecause(noValue);
  revealed_->setText(shown         ? tr("Shown for %1 s more").arg(facts.revealedSeconds)
                     : facts.ended ? facts.state
                     : row.own     ? tr("Masked; can be shown for %1 s").arg(revealSeconds)
                                   : tr("Masked; its value isn’t known here"));

  const QDateTime issued = QDateTime::fromMSecsSinceEpoch(row.createdAt);
  const QDateTime expires = issued.addMSecs(row.ttlMs);
  const QDate today = QDate::currentDate();
  id_->setValue(row.id.text());
  issuedBy_->setValue(row.own ? tr("%1, from this console").arg(facts.issuedBy) : facts.issuedBy);
  issuedAt_->setValue(format::moment(issued, today));
  issuedAt_->setToolTip(format::iso(issued));
  expiresAt_->setValue(format::moment(expires, today));
  expiresAt_->setToolTip(format::iso(expires));
  if (facts.checks) {
    checks_->setValue(
        tr("%1 accepted, %2 refused").arg(format::count(facts.checks->accepted), format::count(facts.checks->refused)));
    const auto& last = facts.checks->last;
    lastCheck_->setValue(
        tr("%1, %2").arg(facts.lastCheckedBy, last.source.isEmpty() ? tokens::verdict(last) : last.source) +
        QStringLiteral(", ") + format::latency(last.latencyMs));
  } else {
    checks_->setValue(tr("none from here"), Token::Text3);
    lastCheck_->setValue(tr("none"), Token::Text3);
  }

  const auto set = [](QPushButton* button, const QString& why, const QString& keys) {
    button->setEnabled(why.isEmpty());
    button->setToolTip(why.isEmpty() ? keys : why);
  };
  set(copyValue_, noValue, copyValue_->accessibleDescription());
  set(copyCurl_, {}, copyCurl_->accessibleDescription());
  set(eventSource_, {}, eventSource_->accessibleDescription());
  set(check_,
      facts.checking      ? tr("Checking.")
      : noValue.isEmpty() ? facts.whyNoAnswer
                          : noValue,
      tr("Asks every instance"));
  setRevoke(tr("Revoke this token"), facts.ended ? over : facts.whyNoChange);
}

}  // namespace vx11::ui
