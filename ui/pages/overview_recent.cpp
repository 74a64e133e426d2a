#include "pages/overview_recent.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include "pages/log_text.h"
#include "widgets/elided_label.h"
#include "widgets/empty_state.h"
#include "widgets/format.h"
#include "widgets/link_button.h"
#include "widgets/metrics.h"
#include "widgets/row_stack.h"
#include "widgets/text_label.h"

namespace vx11::ui {
namespace {
constexpr int rowCount = 24, fewest = 3, rowHeight = 29, narrowWidth = 330;
}

class RecentCard::Row : public QWidget {
 public:
  Row()
      : time_(new TextLabel({}, FontRole::Fixed, Token::Text2)),
        source_(new ElidedLabel({}, FontRole::Body, Token::Text2, Qt::ElideMiddle)),
        text_(new ElidedLabel) {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::cardPaddingX, 0, metrics::cardPaddingX, 0);
    row->setSpacing(metrics::space16);
    row->addWidget(time_);
    row->addWidget(source_);
    row->addWidget(text_, 1);
    source_->setFixedWidth(64);
  }

  void setNarrow(bool narrow) { source_->setVisible(!narrow); }
  void display(const cluster::LogEntry& entry, const QDate& today) {
    const Token severe = entry.severity == cluster::Severity::Error     ? Token::Crit
                         : entry.severity == cluster::Severity::Warning ? Token::Warn
                                                                        : Token::Text;
    time_->setText(format::moment(entry.time, today));
    time_->setToolTip(format::iso(entry.time));
    source_->setText(entry.source);
    text_->setText(logSentence(entry));
    text_->setColor(severe);
    setAccessibleName(QStringLiteral("%1, %2, %3").arg(time_->text(), entry.source, text_->text()));
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter(this).fillRect(1, height() - 1, width() - 2, 1, themeOf(palette()).color(Token::Border));
  }

 private:
  TextLabel* time_;
  ElidedLabel *source_, *text_;
};

RecentCard::RecentCard(QWidget* parent)
    : Card(tr("Recent"), parent),
      list_(new RowStack(rowHeight, fewest)),
      empty_(new EmptyState(QStringLiteral("journal-text"), tr("Nothing yet; what you do shows up here."))) {
  setNote(tr("newest lines of the log"));
  body()->setContentsMargins(0, 0, 0, 0);
  body()->setSpacing(0);
  for (int i = 0; i < rowCount; ++i) {
    rows_ << new Row;
    list_->add(rows_.last());
  }
  list_->hide();
  body()->addWidget(list_, 1);
  body()->addWidget(empty_, 1);
  connect(setHeaderLink(tr("Open log")), &QAbstractButton::clicked, this, &RecentCard::logRequested);
}

void RecentCard::resizeEvent(QResizeEvent* event) {
  Card::resizeEvent(event);
  for (Row* row : std::as_const(rows_)) row->setNarrow(width() < narrowWidth);  // the sentence needs the place more
}

void RecentCard::display(const cluster::Journal& journal, const overview::Look& look) {
  const auto& entries = journal.entries();
  int filled = 0;
  for (auto entry = entries.rbegin(); entry != entries.rend() && filled < rowCount; ++entry) {
    if (entry->severity == cluster::Severity::Debug) continue;
    rows_.at(filled++)->display(*entry, look.wall.date());
  }
  list_->setVisible(filled > 0);
  empty_->setVisible(filled == 0);
  list_->setFilled(filled);
}

}  // namespace vx11::ui
