#include "dialogs/typed_name.h"

#include "widgets/metrics.h"
#include "widgets/text_label.h"

namespace vx11::ui {

TypedName::TypedName(const QString& name, QWidget* parent)
    : QLineEdit(parent), name_(name), hint_(new TextLabel({}, FontRole::Label, Token::Text3, this)) {
  setAccessibleName(tr("Type %1 to go on").arg(name));
  setFont(themeOf(palette()).font(FontRole::Fixed));
  hint_->setAttribute(Qt::WA_TransparentForMouseEvents);
  hint_->setForegroundRole(QPalette::WindowText);  // inside a field it would be that of the field's text
  connect(this, &QLineEdit::textChanged, this, &TypedName::place);
  place();
}

QString TypedName::hint() const {
  if (right()) return {};
  if (!name_.startsWith(text())) return tr("not that name");
  const auto missing = name_.size() - text().size();
  return missing == 1 ? tr("1 more character") : tr("%1 more characters").arg(missing);
}

void TypedName::place() {
  hint_->setText(hint());
  hint_->setColor(name_.startsWith(text()) ? Token::Text3 : Token::Crit);
  hint_->adjustSize();
  hint_->move(width() - hint_->width() - metrics::space8, (height() - hint_->height()) / 2);
  setTextMargins(0, 0, hint_->width() + metrics::space8, 0);
  setAccessibleDescription(hint());
}

void TypedName::resizeEvent(QResizeEvent* event) {
  QLineEdit::resizeEvent(event);
  place();
}

}  // namespace vx11::ui
