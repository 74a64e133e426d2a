#include "shell/profile_box.h"

#include <QPainter>

#include "platform/icons.h"
#include "platform/theme.h"
#include "widgets/metrics.h"
#include "widgets/tag.h"

namespace vx11::ui {
namespace {

constexpr int boxWidth = 214, chip = 10, chevron = 11;

}  // namespace

ProfileBox::ProfileBox(const cluster::Profile& profile, QWidget* parent)
    : QAbstractButton(parent), environment_(profile.environment), colour_(profile.colour) {
  setText(profile.name);
  setAccessibleName(tr("Profile %1, %2").arg(profile.name, environmentWord(environment_)));
  setToolTip(tr("The open profile: %1").arg(profile.name));
  setFocusPolicy(Qt::TabFocus);
  setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize ProfileBox::sizeHint() const { return {boxWidth, metrics::control}; }

void ProfileBox::paintEvent(QPaintEvent*) {
  const Theme& theme = themeOf(palette());
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const qreal line = hasFocus() ? 2 : 1;
  painter.setPen(QPen(theme.color(hasFocus() ? Token::Accent : Token::BorderStrong), line));
  painter.setBrush(theme.color(isDown() ? Token::Raised : Token::Base));
  painter.drawRoundedRect(QRectF(rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2), metrics::controlRadius,
                          metrics::controlRadius);
  const QColor tone = theme.color(environmentToken(environment_));
  painter.setPen(Qt::NoPen);
  painter.setBrush(profileColour(colour_, environment_, theme));
  painter.drawRoundedRect(QRectF(10, (height() - chip) / 2.0, chip, chip), 2, 2);

  const QString word = environmentWord(environment_);
  const QSize tag = tagSize(word, TagKind::Environment, theme);
  const QFont font = theme.font(FontRole::BodyStrong);
  const QFontMetrics metrics(font);
  const int room = rect().width() - 28 - tag.width() - 8 - chevron - 18;
  const QString name = metrics.elidedText(text(), Qt::ElideRight, room);
  painter.setFont(font);
  painter.setPen(theme.color(Token::Text));
  painter.drawText(QRect(28, 0, room, height()), Qt::AlignVCenter | Qt::AlignLeft, name);
  const QRectF tagRect(28 + metrics.horizontalAdvance(name) + 8, (height() - tag.height()) / 2, tag.width(),
                       tag.height());
  paintTag(&painter, tagRect, word, TagKind::Environment, theme,
           environment_ == cluster::Environment::Local ? std::nullopt : std::optional(tone));
  painter.drawPixmap(
      QPoint(rect().right() - 9 - chevron, (height() - chevron) / 2),
      iconPixmap(QStringLiteral("chevron-down"), theme.color(Token::Text2), chevron, devicePixelRatioF()));
}

}  // namespace vx11::ui
