#include "dialogs/profile_list.h"

#include <QPainter>
#include <algorithm>

#include "dialogs/profile_chip.h"
#include "widgets/focus_ring.h"
#include "widgets/metrics.h"
#include "widgets/tag.h"

namespace vx11::ui {
namespace {

constexpr int rowHeight = 46, captionHeight = 30, chipSide = 12, textLeft = 36;

QString addressesOf(const cluster::Profile& profile) {
  if (profile.instances.isEmpty()) return {};
  const QString first = profile.instances.first().toString(QUrl::RemoveUserInfo | QUrl::StripTrailingSlash);
  const auto others = profile.instances.size() - 1;
  return others > 0 ? ProfileListModel::tr("%1 and %2 more").arg(first).arg(others) : first;
}

QString notesOf(const ListedProfile& listed) {
  QStringList notes;
  if (listed.open) notes << ProfileListModel::tr("open");
  if (listed.profile.readOnly || listed.profile.environment == cluster::Environment::Production)
    notes << ProfileListModel::tr("opens read-only");
  if (!listed.secrets.isEmpty()) notes << listed.secrets;
  return notes.join(QStringLiteral(" · "));
}

QString soughtIn(const cluster::Profile& profile) {
  QStringList texts{profile.name, profile.group, environmentWord(profile.environment)};
  for (const QUrl& url : profile.instances) texts << url.authority();
  return texts.join(u'\n');
}

}  // namespace

void ProfileListModel::display(const QList<ListedProfile>& profiles) {
  beginResetModel();
  profiles_ = profiles;
  std::sort(profiles_.begin(), profiles_.end(), [](const ListedProfile& a, const ListedProfile& b) {
    const int groups = a.profile.group.localeAwareCompare(b.profile.group);
    return groups != 0 ? groups < 0 : a.profile.name.localeAwareCompare(b.profile.name) < 0;
  });
  arrange();
  endResetModel();
}

void ProfileListModel::setSearch(const QString& words) {
  const QStringList search = words.simplified().split(u' ', Qt::SkipEmptyParts);
  if (search == search_) return;
  beginResetModel();
  search_ = search;
  arrange();
  endResetModel();
}

void ProfileListModel::arrange() {
  rows_.clear();
  QString group;
  for (int i = 0; i < profiles_.size(); ++i) {
    const cluster::Profile& profile = profiles_.at(i).profile;
    const QString texts = soughtIn(profile);
    const bool fits = std::all_of(search_.begin(), search_.end(),
                                  [&](const QString& word) { return texts.contains(word, Qt::CaseInsensitive); });
    if (!fits) continue;
    if (profile.group != group) rows_ << Row{profile.group, -1};
    group = profile.group;
    rows_ << Row{{}, i};
  }
}

const ListedProfile* ProfileListModel::at(int row) const {
  const int profile = row >= 0 && row < rows_.size() ? rows_.at(row).profile : -1;
  return profile < 0 ? nullptr : &profiles_.at(profile);
}

int ProfileListModel::rowOf(const QString& id) const {
  const auto found = std::find_if(rows_.begin(), rows_.end(), [&](const Row& row) {
    return row.profile >= 0 && profiles_.at(row.profile).profile.id == id;
  });
  return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

int ProfileListModel::shown() const {
  return static_cast<int>(
      std::count_if(rows_.begin(), rows_.end(), [](const Row& row) { return row.profile >= 0; }));
}

int ProfileListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant ProfileListModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const ListedProfile* listed = at(index.row());
  if (role == IsCaption) return listed == nullptr;
  if (listed == nullptr) return role == Qt::DisplayRole ? rows_.at(index.row()).caption : QVariant();
  const cluster::Profile& profile = listed->profile;
  if (role == Qt::DisplayRole) return profile.name;
  if (role == Qt::ToolTipRole) {
    QStringList urls;
    for (const QUrl& url : profile.instances) urls << url.toString(QUrl::RemoveUserInfo);
    return urls.join(u'\n');
  }
  if (role != Qt::AccessibleTextRole) return {};
  QStringList words{profile.name, environmentWord(profile.environment), profile.group, addressesOf(profile),
                    notesOf(*listed)};
  words.removeAll(QString());
  return words.join(QStringLiteral(", "));
}

Qt::ItemFlags ProfileListModel::flags(const QModelIndex& index) const {
  return at(index.row()) == nullptr ? Qt::NoItemFlags : Qt::ItemIsEnabled | Qt::ItemIsSelectable;
}

QSize ProfileListDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
  return {200, index.data(ProfileListModel::IsCaption).toBool() ? captionHeight : rowHeight};
}

void ProfileListDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
  const Theme& theme = themeOf(option.palette);
  const QRect& rect = option.rect;
  const int right = rect.right() - metrics::space12;
  const auto write = [&](const QRect& place, FontRole role, Token color, const QString& text,
                         Qt::Alignment side = Qt::AlignLeft) {
    painter->setFont(theme.font(role));
    painter->setPen(theme.color(color));
    painter->drawText(place, static_cast<int>(side | Qt::AlignVCenter) | Qt::TextSingleLine,
                      painter->fontMetrics().elidedText(text, Qt::ElideRight, place.width()));
    return std::min(place.width(), painter->fontMetrics().horizontalAdvance(text));
  };
  painter->save();
  const auto* listed = static_cast<const ProfileListModel*>(index.model())->at(index.row());
  if (listed == nullptr) {
    write({rect.x() + metrics::space12, rect.y() + 6, right - rect.x(), captionHeight - 8}, FontRole::Label,
          Token::Text3, index.data().toString());
    return painter->restore();
  }
  const cluster::Profile& profile = listed->profile;
  const bool chosen = option.state.testFlag(QStyle::State_Selected);
  painter->fillRect(rect, theme.color(chosen ? Token::Selection : Token::Base));
  painter->fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme.color(Token::Border));
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(Qt::NoPen);
  painter->setBrush(profileColour(profile.colour, profile.environment, theme));
  painter->drawRoundedRect(rect.x() + metrics::space12, rect.y() + 8, chipSide, chipSide, 2, 2);

  const int left = rect.x() + textLeft, middle = rect.y() + rowHeight / 2;
  const QString word = environmentWord(profile.environment);
  const QSize tag = tagSize(word, TagKind::Environment, theme);
  const int room = right - left - tag.width() - metrics::space8;
  const int name = write({left, middle - 19, room, 18}, FontRole::BodyStrong, Token::Text, profile.name);
  const bool quiet = profile.environment == cluster::Environment::Local;
  paintTag(painter, QRectF(left + name + metrics::space8, middle - 10 - tag.height() / 2.0, tag.width(), tag.height()),
           word, TagKind::Environment, theme,
           quiet ? std::nullopt : std::optional(theme.color(environmentToken(profile.environment))));
  const QString notes = notesOf(*listed);
  const int noted = QFontMetrics(theme.font(FontRole::Label)).horizontalAdvance(notes);
  write({right - noted, middle, noted + 1, 18}, FontRole::Label, Token::Text3, notes);
  write({left, middle, std::max(0, right - left - noted - metrics::space16), 18}, FontRole::Label, Token::Text2,
        addressesOf(profile));
  if (option.state.testFlag(QStyle::State_HasFocus)) paintFocusRing(painter, rect, metrics::controlRadius, theme);
  painter->restore();
}

}  // namespace vx11::ui
