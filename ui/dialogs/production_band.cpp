#include "dialogs/production_band.h"

#include <QPainter>

#include "platform/icons.h"
#include "platform/theme.h"
#include "widgets/metrics.h"

namespace vx11::ui {
namespace {

constexpr int bandHeight = 30, iconSize = 14;

}  // namespace

ProductionBand::ProductionBand(const QString& name, QWidget* parent) : QWidget(parent), name_(name) {
  setFixedHeight(bandHeight);
  setAccessibleName(tr("Production: %1").arg(name));
}

void ProductionBand::setFacts(const QString& facts) {
  facts_ = facts;
  setAccessibleDescription(facts);
  update();
}

int ProductionBand::wordsEnd() const { return width() - metrics::space16; }

void ProductionBand::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  const QColor ink = theme.color(Token::OnProd);
  QPainter painter(this);
  painter.fillRect(rect(), theme.color(Token::Prod));
  int x = metrics::space16;
  painter.drawPixmap(x, (height() - iconSize) / 2,
                     iconPixmap(QStringLiteral("exclamation-octagon-fill"), ink, iconSize, devicePixelRatioF()));
  x += iconSize + metrics::space8;
  const auto write = [&](const QFont& font, const QString& text) {
    painter.setFont(font);
    painter.setPen(ink);
    const int room = std::max(0, wordsEnd() - x);
    const QString shown = painter.fontMetrics().elidedText(text, Qt::ElideMiddle, room);
    painter.drawText(QRect(x, 0, room, height()), Qt::AlignLeft | Qt::AlignVCenter, shown);
    x += painter.fontMetrics().horizontalAdvance(shown) + metrics::space12;
  };
  QFont word = theme.font(FontRole::BodyStrong);
  word.setLetterSpacing(QFont::AbsoluteSpacing, 1);
  write(word, tr("PRODUCTION"));
  write(theme.font(FontRole::Body), name_);
  if (!facts_.isEmpty()) write(theme.font(FontRole::Body), facts_);
}

}  // namespace vx11::ui
