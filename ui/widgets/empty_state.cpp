#include "widgets/empty_state.h"

#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/icon_label.h"
#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {

EmptyState::EmptyState(const QString& icon, const QString& sentence, const QString& button, QWidget* parent)
    : QWidget(parent), sentence_(new TextLabel(sentence, FontRole::Body, Token::Text2)) {
  sentence_->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
  sentence_->setWordWrap(true);
  setAccessibleName(sentence);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(metrics::space24, metrics::space12, metrics::space24, metrics::space12);
  column->setSpacing(metrics::space8);
  column->addStretch(1);
  column->addWidget(new IconLabel(icon, 20, Token::Text3), 0, Qt::AlignHCenter);
  column->addWidget(sentence_);
  if (!button.isEmpty()) {
    button_ = new QPushButton(button);
    column->addWidget(button_, 0, Qt::AlignHCenter);
    connect(button_, &QPushButton::clicked, this, &EmptyState::activated);
  }
  column->addStretch(1);
}

void EmptyState::setSentence(const QString& sentence) {
  sentence_->setText(sentence);
  setAccessibleName(sentence);
}

QString EmptyState::sentence() const { return sentence_->text(); }

}  // namespace vx11::ui
