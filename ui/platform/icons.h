// The icons of resources/icons, recoloured by role at the moment they are painted, so that a theme change needs no
// reload. Names are those of the files, without ".svg".
#pragma once

#include <QIcon>
#include <QPixmap>
#include <QString>

#include "platform/theme.h"

namespace vx11::ui {

/// An icon whose colour follows the theme in force; disabled mode is Text3. An unknown name is a bug (asserts).
[[nodiscard]] QIcon themedIcon(const QString& name, Token token = Token::Text2);

/// One rendering, cached by name, colour, size and ratio.
[[nodiscard]] QPixmap iconPixmap(const QString& name, const QColor& color, int size, qreal devicePixelRatio);

}  // namespace vx11::ui
