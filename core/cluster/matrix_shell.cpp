#include "cluster/matrix_shell.h"

#include <QRegularExpression>

namespace vx11::cluster {
namespace {

/// One word of the shell. In the name nothing remains that the script itself takes for a sign.
QString quoted(QString name, const QUrl& url) {
  static const QRegularExpression unusual(QStringLiteral("[^A-Za-z0-9._:-]"));
  QString where = url.toString(QUrl::FullyEncoded | QUrl::RemoveUserInfo | QUrl::StripTrailingSlash);
  where.replace(u'\'', QStringLiteral("%27"));
  return QStringLiteral("'%1=%2'").arg(name.replace(unusual, QStringLiteral("_")), where);
}

}  // namespace

QString matrixAsShell(const QList<std::pair<QString, QUrl>>& members, int ttlSec) {
  QStringList list;
  for (const auto& [name, url] : members) list << quoted(name, url);
  return QStringLiteral(
             R"sh(# Issues a token on each of these and checks it on every one. $VX11_OPERATOR_TOKEN is the principal.
set -- %1
check() {
  code=$(curl -sS -m 2 -o /dev/null -w '%{http_code}' "$1/operator/api/events/validate?token=$2")
  case $code in  # a backend without that call: its stream says
    404|405)
      code=$(curl -sN -m 2 -o /dev/null -w '%{http_code}' "$1/operator/api/events/stream?token=$2") ;;
  esac
  echo "$code"
}
for issuer; do
  token=$(curl -sS -m 2 -X POST -H "X-VX11-Token: $VX11_OPERATOR_TOKEN" -H 'Content-Type: application/json' \
    -d '{"ttl_sec":%2}' "${issuer#*=}/operator/api/events/sse-token" |
    sed -n 's/.*"sse_token" *: *"\([^"]*\)".*/\1/p')
  for validator; do
    echo "issued on ${issuer%%=*}, checked on ${validator%%=*}: $(check "${validator#*=}" "$token")"
  done
done
)sh")
      .arg(list.join(u' '), QString::number(ttlSec));
}

}  // namespace vx11::cluster
