#include "dialogs/profile_input.h"

#include <QCoreApplication>
#include <QDir>
#include <QRegularExpression>
#include <algorithm>
#include <utility>

#include "cluster/discovery.h"
#include "cluster/http_caller.h"
#include "cluster/nginx_file.h"
#include "cluster/redis_address.h"
#include "cluster/rollback_files.h"
#include "cluster/typed_command.h"

namespace vx11::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(ProfileInput)
};

QStringList linesOf(const QString& text) {
  QStringList lines;
  for (const QString& line : text.split(u'\n')) {
    if (const QString trimmed = line.trimmed(); !trimmed.isEmpty()) lines.append(trimmed);
  }
  return lines;
}

QString shown(const QUrl& url) { return url.toString(QUrl::RemoveUserInfo | QUrl::StripTrailingSlash); }

/// Empty: an HTTP address.
QString addressProblem(const QString& text) {
  if (text.contains(u'@')) return Words::tr("An address holds no user or password; the principal has its own field.");
  if (!text.contains(QStringLiteral("://"))) return Words::tr("“%1” has no scheme: write http://%1.").arg(text);
  const QUrl url(text, QUrl::StrictMode);
  if (!url.isValid()) return Words::tr("“%1” is no address: it reads http://HOST:PORT.").arg(text);
  if (url.scheme() != QStringLiteral("http") && url.scheme() != QStringLiteral("https"))
    return Words::tr("“%1” is neither http:// nor https://.").arg(text);
  if (url.host().isEmpty()) return Words::tr("“%1” names no host.").arg(text);
  if (url.hasQuery() || url.hasFragment())
    return Words::tr("“%1” has more than an address: leave out what follows ? or #.").arg(text);
  return {};
}

/// Empty: the URL of a server, a Sentinel group or a cluster, without a secret.
QString redisProblem(const QString& text) {
  if (cluster::redis_address::holdsPassword(text))
    return Words::tr("The URL is saved, so it holds no password; there is a field beside it.");
  const QString problem = cluster::redis_address::problemOf(text);
  return problem.isEmpty() ? QString() : Words::tr("This is no Redis URL: %1.").arg(problem);
}

/// Empty: an operation can write it.
QString nginxWarning(const QString& file) {
  const auto text = cluster::RollbackFiles::read(file);
  if (text.has_error()) return text.error();
  const auto read = cluster::NginxFile::read(*text);
  return read.has_error() ? read.error() : QString();
}

/// Empty: it tells the instances apart.
QString restartWarning(const QStringList& command) {
  static const QRegularExpression placeholder(QStringLiteral("\\{(?:id|url|host|port)\\}"));
  if (command.isEmpty() || command.join(u' ').contains(placeholder)) return {};
  return Words::tr("The same for every instance: it holds neither {id}, {url}, {host} nor {port}.");
}

class Reader {
 public:
  explicit Reader(const cluster::Profile& base) { read_.profile = base; }

  void name(const QString& text, const QStringList& others) {
    const QString name = text.trimmed();
    if (name.isEmpty())
      fail(ProfileField::Name, Words::tr("A profile needs a name: it stands in the toolbar."));
    else if (others.contains(name))
      fail(ProfileField::Name, Words::tr("Another profile is called “%1”.").arg(name));
    read_.profile.name = name;
  }

  void instances(const QString& text) {
    auto& urls = read_.profile.instances;
    urls.clear();
    QList<QUrl> origins;
    for (const QString& line : linesOf(text)) {
      if (const QString problem = addressProblem(line); !problem.isEmpty()) {
        fail(ProfileField::Instances, problem);
        continue;
      }
      const QUrl url(line), origin = cluster::originOf(url);
      if (origins.contains(origin)) fail(ProfileField::Instances, Words::tr("“%1” is listed twice.").arg(line));
      origins.append(origin);
      urls.append(url);
    }
    if (urls.isEmpty()) fail(ProfileField::Instances, Words::tr("At least one address: http://HOST:PORT."));
    if (urls.size() > mostInstances) {
      fail(ProfileField::Instances,
           Words::tr("%1 addresses are more than the %2 of a profile.").arg(urls.size()).arg(mostInstances));
    }
  }

  void addressMap(const QString& text) {
    auto& map = read_.profile.addressMap;
    map.clear();
    static const QRegularExpression between(QStringLiteral("\\s*(?:→|->|=|\\s)\\s*"));
    for (const QString& line : linesOf(text)) {
      const QStringList sides = line.split(between, Qt::SkipEmptyParts);
      if (sides.size() != 2) {
        const QString where = line.contains(u'@') ? QString() : QStringLiteral("“%1”: ").arg(line);
        fail(ProfileField::AddressMap,
             where + Words::tr("two addresses with = between them, the advertised one first."));
        continue;
      }
      for (const QString& side : sides) {
        if (const QString problem = addressProblem(side); !problem.isEmpty()) fail(ProfileField::AddressMap, problem);
      }
      if (map.contains(sides[0])) fail(ProfileField::AddressMap, Words::tr("“%1” is mapped twice.").arg(sides[0]));
      map.insert(sides[0], QUrl(sides[1]));
    }
  }

  void redis(const QString& text) {
    const QString trimmed = text.trimmed();
    if (!trimmed.isEmpty()) fail(ProfileField::Redis, redisProblem(trimmed));
    read_.profile.redis = trimmed;
  }

  void sentinelUser(const QString& text) {
    const bool counts = cluster::redis_address::namesSentinels(read_.profile.redis);
    read_.profile.sentinelUser = counts ? text.trimmed() : QString();
    if (read_.profile.sentinelUser.contains(QRegularExpression(QStringLiteral("\\s"))))
      fail(ProfileField::Sentinels, Words::tr("A user of Redis has no space in its name."));
  }

  void balancer(const QString& text) {
    const QString trimmed = text.trimmed();
    if (!trimmed.isEmpty()) fail(ProfileField::Balancer, addressProblem(trimmed));
    read_.profile.balancer = QUrl(trimmed);
  }

  void trust(const QString& caFile, const QString& serverName) {
    read_.profile.caFile = caFile.trimmed();
    read_.profile.serverName = serverName.trimmed();
    if (!read_.profile.caFile.isEmpty() && cluster::Trust::of(read_.profile.caFile, {}).authorities.isEmpty())
      fail(ProfileField::CaFile, Words::tr("“%1” holds no certificate that can be read.").arg(read_.profile.caFile));
  }

  void nginxFile(const QString& text) {
    const QString file = text.trimmed();
    read_.profile.nginxFile = file;
    if (file.isEmpty()) return;
    if (QDir::isRelativePath(file))
      fail(ProfileField::NginxFile, Words::tr("“%1” isn’t a whole path: it begins with /.").arg(file));
    else
      warn(ProfileField::NginxFile, nginxWarning(file));
  }

  void reload(const QString& line) { command(ProfileField::Reload, line, read_.profile.reloadCommand); }

  void restart(const QString& line) {
    command(ProfileField::Restart, line, read_.profile.restartCommand);
    if (!read_.problems.contains(ProfileField::Restart))
      warn(ProfileField::Restart, restartWarning(read_.profile.restartCommand));
  }

  [[nodiscard]] cluster::Profile& profile() { return read_.profile; }
  [[nodiscard]] ReadProfile take() { return std::move(read_); }

 private:
  static constexpr int mostInstances = 32;

  /// What is left as it was shown stays: not every argument can be typed.
  void command(ProfileField field, const QString& line, QStringList& command) {
    if (line == cluster::typed::lineOf(command)) return;
    fail(field, cluster::typed::problemOf(line));
    warn(field, cluster::typed::warningOf(line));
    command = cluster::typed::argumentsOf(line);
  }
  void warn(ProfileField field, const QString& sentence) {
    if (!sentence.isEmpty() && !read_.warnings.contains(field)) read_.warnings.insert(field, sentence);
  }
  void fail(ProfileField field, const QString& sentence) {
    if (!sentence.isEmpty() && !read_.problems.contains(field)) read_.problems.insert(field, sentence);
  }
  ReadProfile read_;
};

}  // namespace

ProfileInput inputOf(const cluster::Profile& profile) {
  ProfileInput input;
  input.name = profile.name;
  input.environment = profile.environment;
  QStringList instances, map;
  for (const QUrl& url : profile.instances) instances.append(shown(url));
  for (auto entry = profile.addressMap.begin(); entry != profile.addressMap.end(); ++entry)
    map.append(QStringLiteral("%1 = %2").arg(entry.key(), shown(entry.value())));
  input.instances = instances.join(u'\n');
  input.discover = profile.discover;
  input.addressMap = map.join(u'\n');
  input.redis = profile.redis;
  input.balancer = shown(profile.balancer);
  input.caFile = profile.caFile;
  input.serverName = profile.serverName;
  input.nginxFile = profile.nginxFile;
  input.reload = cluster::typed::lineOf(profile.reloadCommand);
  input.restart = cluster::typed::lineOf(profile.restartCommand);
  input.group = profile.group;
  input.colour = profile.colour;
  input.readOnly = profile.readOnly;
  input.keepsSecrets = profile.keepsSecrets;
  input.sentinelUser = profile.sentinelUser;
  return input;
}

ReadProfile readInput(const ProfileInput& input, const cluster::Profile& base, const QStringList& otherNames) {
  Reader reader(base);
  reader.profile().kind = cluster::ProfileKind::RemoteCluster;
  reader.profile().environment = input.environment;
  reader.profile().discover = input.discover;
  reader.profile().group = input.group.simplified();
  reader.profile().colour = input.colour;
  reader.profile().readOnly = input.readOnly;
  reader.profile().keepsSecrets = input.keepsSecrets;
  reader.name(input.name, otherNames);
  reader.instances(input.instances);
  reader.addressMap(input.addressMap);
  reader.redis(input.redis);
  reader.sentinelUser(input.sentinelUser);
  reader.balancer(input.balancer);
  reader.trust(input.caFile, input.serverName);
  reader.nginxFile(input.nginxFile);
  reader.reload(input.reload);
  reader.restart(input.restart);
  return reader.take();
}

QString principalProblem(std::string_view principal) {
  const bool fits = std::all_of(principal.begin(), principal.end(), [](char c) { return c > ' ' && c < '\x7f'; });
  return fits ? QString() : Words::tr("A principal has no space and only letters, digits and signs of ASCII.");
}

ProfileProblems secretsInCommands(const cluster::Profile& profile, const ProfileSecrets& secrets) {
  constexpr std::size_t shortest = 4;  // a shorter one may well be a word of the command
  const auto holds = [](const QStringList& command, const Secret& secret) {
    const std::string_view text = secret.reveal();
    return secret.size() >= shortest && std::any_of(command.begin(), command.end(), [&](const QString& word) {
             return word.toStdString().find(text) != std::string::npos;
           });
  };
  ProfileProblems problems;
  for (const auto& [field, command] :
       {std::pair{ProfileField::Reload, profile.reloadCommand}, {ProfileField::Restart, profile.restartCommand}}) {
    if (holds(command, secrets.principal) || holds(command, secrets.redisPassword) ||
        holds(command, secrets.sentinelPassword))
      problems.insert(field, Words::tr("It holds a secret, and commands are saved: let a file or a script have that."));
  }
  return problems;
}

QString sentInClearTo(const cluster::Profile& profile) {
  QStringList hosts;
  for (const QUrl& url : profile.instances + QList<QUrl>{profile.balancer}) {
    if (url.scheme() == QStringLiteral("http") && !cluster::isLoopback(url)) hosts.append(url.authority());
  }
  return hosts.join(QStringLiteral(", "));
}

}  // namespace vx11::ui
