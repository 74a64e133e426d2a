// What the command palette finds besides the window's actions. Pure but for what the entries do.
#pragma once

#include <functional>

#include "cluster/cluster.h"
#include "shell/palette_entry.h"

namespace vx11::ui {

class PageStack;
enum class PageId;

/// The saved profiles; the one that is open says so.
[[nodiscard]] QList<PaletteEntry> profileEntries(const QList<cluster::Profile>& profiles, const cluster::Profile& opened,
                                                 std::function<void(const cluster::Profile&)> open);
[[nodiscard]] QList<PaletteEntry> instanceEntries(const QList<cluster::InstanceInfo>& instances,
                                                  std::function<void(int slot)> open);
/// Of the tokens issued or seen last, those whose masked value or id fits; none before the second letter.
[[nodiscard]] QList<PaletteEntry> tokenEntries(const cluster::Tokens& tokens, const QString& letters,
                                               std::function<void(const cluster::TokenId&)> open);
/// The verbs of the pages made so far: their page opens first.
[[nodiscard]] QList<PaletteEntry> pageVerbEntries(const PageStack& pages, std::function<void(PageId)> open);

}  // namespace vx11::ui
