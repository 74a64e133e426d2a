#include "shell/palette_sources.h"

#include <QAction>
#include <QCoreApplication>
#include <algorithm>

#include "platform/icons.h"
#include "shell/action_registry.h"
#include "shell/page_catalog.h"
#include "shell/page_stack.h"
#include "shell/profile_box.h"
#include "shell/subsequence.h"
#include "widgets/state_mark.h"

namespace vx11::ui {
namespace {

constexpr int newestSought = 1000, tokensShown = 6, lettersOfToken = 2;

QString tr(const char* text) { return QCoreApplication::translate("vx11::ui::PaletteSources", text); }

bool fits(const cluster::TokenRow& row, const QString& letters) {
  return row.id.text().contains(letters, Qt::CaseInsensitive) || subsequenceScore(letters, row.masked()).has_value();
}

}  // namespace

QList<PaletteEntry> profileEntries(const QList<cluster::Profile>& profiles, const cluster::Profile& opened,
                                   std::function<void(const cluster::Profile&)> open) {
  QList<PaletteEntry> entries;
  for (const cluster::Profile& profile : profiles) {
    const bool isOpen = !profile.id.isEmpty() && profile.id == opened.id;
    entries.append({tr("Open %1").arg(profile.name), tr("Profiles, %1").arg(environmentWord(profile.environment)),
                    themedIcon(QStringLiteral("plug")), {}, isOpen ? tr("It is open") : QString(),
                    [open, profile] { open(profile); }});
  }
  return entries;
}

QList<PaletteEntry> instanceEntries(const QList<cluster::InstanceInfo>& instances, std::function<void(int slot)> open) {
  QList<PaletteEntry> entries;
  for (const cluster::InstanceInfo& info : instances) {
    const QString address = info.url.toString(QUrl::RemoveUserInfo);
    const QString state = markWord(markOf(info.state)).toLower();
    entries.append({info.id.isEmpty() ? address : info.id, tr("Instances, %1, %2").arg(state, address),
                    themedIcon(QStringLiteral("hdd-network")), {}, {}, [open, slot = info.slot] { open(slot); }});
  }
  return entries;
}

QList<PaletteEntry> tokenEntries(const cluster::Tokens& tokens, const QString& letters,
                                 std::function<void(const cluster::TokenId&)> open) {
  QList<PaletteEntry> entries;
  if (letters.size() < lettersOfToken) return entries;
  for (const cluster::TokenRow& row : tokens.newest(newestSought)) {
    if (entries.size() == tokensShown) break;
    if (!fits(row, letters)) continue;
    const QString issuer = row.issuer >= 0 ? tokens.issuerName(row.issuer) : QString();
    entries.append({QStringLiteral("%1 · %2").arg(row.masked(), row.id.text()),
                    issuer.isEmpty() ? tr("Tokens") : tr("Tokens, issued by %1").arg(issuer),
                    themedIcon(QStringLiteral("key")), {}, {}, [open, id = row.id] { open(id); }});
  }
  return entries;
}

QList<PaletteEntry> pageVerbEntries(const PageStack& pages, std::function<void(PageId)> open) {
  QList<PaletteEntry> entries;
  for (const PageEntry& entry : pageCatalog()) {
    const Page* page = pages.made(entry.id);
    if (page == nullptr) continue;
    for (QAction* action : page->actions()) {
      if (action->isSeparator() || action->text().isEmpty()) continue;
      entries.append({ActionRegistry::plainText(action), entry.title, action->icon(),
                      action->shortcut().toString(QKeySequence::NativeText),
                      action->isEnabled() ? QString() : action->toolTip(), [open, action, id = entry.id] {
                        open(id);
                        action->trigger();
                      }});
    }
  }
  return entries;
}

}  // namespace vx11::ui
