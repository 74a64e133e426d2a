// Ctrl+C on a list copies its chosen rows as they are shown: masked, cells with tabs between them.
#pragma once

class QAbstractItemView;

namespace vx11::ui {

/// For views whose words hold no secret. A row without words to show is copied as it is spoken.
void copyRowsOf(QAbstractItemView& view);

}  // namespace vx11::ui
