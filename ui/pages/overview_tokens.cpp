#include "pages/overview_tokens.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "widgets/elided_label.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/row_stack.h"
#include "widgets/text_label.h"
#include "widgets/ttl_bar.h"

namespace vx11::ui {
namespace {
constexpr int rowCount = 10, fewest = 6, rowHeight = 24;
}  // namespace

class NewestTokens::Row : public QWidget {
 public:
  Row()
      : id_(new TextLabel({}, FontRole::Fixed)),
        bar_(new TtlBar),
        left_(new TextLabel),
        issuer_(new ElidedLabel({}, FontRole::Body, Token::Text2)) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::space8);
    row->addWidget(id_);
    row->addWidget(bar_, 3);
    row->addWidget(left_);
    row->addWidget(issuer_, 2);
    bar_->setMinimumWidth(48);
    bar_->setMaximumWidth(400);
    left_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    left_->setMinimumWidth(44);
    issuer_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  }

  void display(const cluster::TokenRow& token, const QString& issuer, qint64 now, bool stale) {
    const qint64 leftMs = token.expiresAt - now;
    const int seconds = format::secondsLeft(leftMs);
    const bool live = token.state == cluster::TokenState::Live;
    const double part = live && token.ttlMs > 0 ? static_cast<double>(leftMs) / token.ttlMs : 0;
    const bool last = live && seconds <= ttlLastSeconds;
    id_->setText(token.masked());
    id_->setColor(live ? Token::Text : Token::Text3);
    bar_->set(part, seconds, stale);
    left_->setText(live ? format::timeLeft(seconds) : markWord(markOf(token.state)));
    left_->setRole(last ? FontRole::BodyStrong : FontRole::Body);
    left_->setColor(live ? Token::Text : Token::Text3);
    issuer_->setText(issuer);
    setAccessibleName(QStringLiteral("%1, %2, %3").arg(token.masked(), left_->text(), issuer));
  }

 private:
  TextLabel* id_;
  TtlBar* bar_;
  TextLabel* left_;
  ElidedLabel* issuer_;
};

NewestTokens::NewestTokens(QWidget* parent)
    : Card(tr("Newest tokens"), parent),
      list_(new RowStack(rowHeight, fewest)),
      empty_(new EmptyState(QStringLiteral("key"), {}, tr("Issue token"))) {
  for (int i = 0; i < rowCount; ++i) {
    rows_ << new Row;
    list_->add(rows_.last());
  }
  empty_->setMinimumHeight(fewest * rowHeight);
  empty_->hide();
  body()->addWidget(list_, 1);
  body()->addWidget(empty_, 1);
  connect(setHeaderLink(tr("All")), &QAbstractButton::clicked, this, &NewestTokens::allRequested);
  connect(empty_, &EmptyState::activated, this, &NewestTokens::issueRequested);
}

void NewestTokens::setScrolls(bool scrolls) { list_->setFewest(scrolls ? rowCount : fewest); }

void NewestTokens::display(const cluster::Tokens& tokens, const overview::Look& look, const QString& age,
                           std::optional<int> ttlSec) {
  const QList<cluster::TokenRow> newest = tokens.newest(rowCount);
  list_->setVisible(!newest.isEmpty());
  empty_->setVisible(newest.isEmpty());
  empty_->setSentence(ttlSec ? tr("No live token. Issue one; it lives %1.").arg(format::duration(*ttlSec))
                             : tr("No live token. Issue one and watch it count down."));
  setNote(age);
  for (int i = 0; i < newest.size(); ++i) {
    const cluster::TokenRow& token = newest.at(i);
    const QString issuer = token.issuer < 0 ? format::unknown() : tokens.issuerName(token.issuer);
    rows_.at(i)->display(token, issuer, look.now, !age.isEmpty());
  }
  list_->setFilled(static_cast<int>(newest.size()));
}

}  // namespace vx11::ui
