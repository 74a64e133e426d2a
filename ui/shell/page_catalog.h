// The eight pages in the order of the list: their names, icons and groups, and which this version doesn't have. Why one
// can't be used with the opened profile it says itself. List, menus, keys and screenshots all read this table.
#pragma once

#include <QList>
#include <QString>

#include "pages/page.h"

namespace vx11::ui {

enum class PageGroup { Watch, Try, Change };

struct PageEntry {
  PageId id{};
  QString key;    ///< stable: settings, file names of screenshots, action ids
  QString title;  ///< in the list
  QString icon;
  PageGroup group{};
  // Of a page that this version doesn't have; empty: it works.
  QString phrase;   ///< the verdict in two or three words: "Not in this version."
  QString why;      ///< one sentence
  QString wouldBe;  ///< what would be here

  [[nodiscard]] bool works() const { return phrase.isEmpty(); }
  /// Phrase and sentence, for tool tips; empty when it works.
  [[nodiscard]] QString reason() const { return works() ? QString() : phrase + u' ' + why; }
};

[[nodiscard]] QString groupTitle(PageGroup group);
[[nodiscard]] QList<PageEntry> pageCatalog();
[[nodiscard]] PageEntry pageEntry(PageId id);

}  // namespace vx11::ui
