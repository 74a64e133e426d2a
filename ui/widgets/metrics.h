// The measures of the window in logical pixels: spacing is one of five, and the few heights that are fixed.
#pragma once

namespace vx11::ui::metrics {

inline constexpr int space4 = 4, space8 = 8, space12 = 12, space16 = 16, space24 = 24;

inline constexpr int pageTop = 12, pageSide = 16;  ///< margins of a page: 12 above, 16 at the other sides
inline constexpr int cardGap = 12;
inline constexpr int pageHeader = 42, pageTitle = 22, pageVerdict = 20;
inline constexpr int cardHeader = 36, cardFoot = 28, cardPaddingX = 12, cardPaddingY = 10;
inline constexpr int cardRadius = 4, controlRadius = 3;
inline constexpr int control = 28, smallControl = 24;
inline constexpr int cardMaxWidth = 320;           ///< in windows wider than 1600

}  // namespace vx11::ui::metrics
