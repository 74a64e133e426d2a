#include "ctl/connection.h"

#include <QFile>

#include "cluster/http_caller.h"
#include "cluster/live_cluster.h"
#include "config/values.h"
#include "ctl/words.h"

namespace vx11::ctl {
namespace {

constexpr int mostInstances = 32, longestPrincipal = 1024;
const QUrl usualInstance(QStringLiteral("http://127.0.0.1:8011"));

/// The first principal among those that commas and lines part; the rest are for the service.
Secret firstPrincipal(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = config::trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    if (const auto parts = config::split_list(line); !parts.empty()) return Secret(parts.front());
  }
  return {};
}

void readPrincipal(Connection& connection, const Arguments& arguments, bool needed) {
  const QString path = arguments.value(QStringLiteral("--principal-file"));
  QByteArray text = qgetenv("VX11_OPERATOR_TOKEN");
  if (!path.isEmpty()) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
      connection.error = tr("%1 can't be read: %2").arg(path, file.errorString());
      return;
    }
    text = file.read(64 * 1024);
  }
  const auto size = static_cast<std::size_t>(text.size());
  connection.principal = firstPrincipal({text.constData(), size});
  wipe(text.data(), size);
  const std::string_view value = connection.principal.reveal();
  const bool sendable = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c < 0x7F; });
  if (!sendable || value.size() > longestPrincipal) {
    connection.error = tr("the principal is not one: it has up to %1 visible ASCII characters").arg(longestPrincipal);
  } else if (value.empty() && !path.isEmpty()) {
    connection.error = tr("%1 holds no principal").arg(path);
  } else if (value.empty() && needed) {
    connection.error = tr("a principal is needed: set VX11_OPERATOR_TOKEN or give --principal-file FILE");
  }
}

bool isBaseUrl(const QUrl& url) {
  return config::is_base_url(url.toEncoded().toStdString());
}

/// Before LiveCluster, which holds references to it.
struct Surroundings {
  SystemClock clock;
  SystemRandom random;
};

class GivenInstances final : private Surroundings, public cluster::LiveCluster {
 public:
  explicit GivenInstances(const Connection& connection) : LiveCluster({}, Surroundings::clock, Surroundings::random) {
    for (const QUrl& url : connection.instances) connectInstance(addInstance(url.authority()), url, connection.principal);
  }
};

}  // namespace

const QList<OptionSpec>& connectionOptions() {
  static const QList<OptionSpec> options{
      {QStringLiteral("--instance"), QStringLiteral("URL"),
       tr("an instance; may be repeated (%1)").arg(usualInstance.toString()), true},
      {QStringLiteral("--principal-file"), QStringLiteral("FILE"),
       tr("holds the principal; else VX11_OPERATOR_TOKEN does"), false},
  };
  return options;
}

Connection readConnection(const Arguments& arguments, bool needsPrincipal) {
  Connection connection;
  for (const QString& text : arguments.values(QStringLiteral("--instance"))) {
    const QUrl url(text, QUrl::StrictMode);
    if (!isBaseUrl(url)) {
      connection.error = tr("--instance takes an address such as %1, not \"%2\"").arg(usualInstance.toString(), text);
      return connection;
    }
    if (!connection.instances.contains(url)) connection.instances.append(url);
  }
  if (connection.instances.isEmpty()) connection.instances.append(usualInstance);
  if (connection.instances.size() > mostInstances) {
    connection.error = tr("at most %1 instances").arg(mostInstances);
    return connection;
  }
  readPrincipal(connection, arguments, needsPrincipal);
  if (connection.principal.empty()) return connection;
  for (const QUrl& url : connection.instances) {
    if (url.scheme() == QStringLiteral("http") && !cluster::isLoopback(url))
      connection.warnings.append(tr("the principal is sent in clear to %1").arg(url.toString()));
  }
  return connection;
}

std::unique_ptr<cluster::Cluster> open(const Connection& connection) {
  return std::make_unique<GivenInstances>(connection);
}

}  // namespace vx11::ctl
