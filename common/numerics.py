"""TABLE of numeric replies: code, name, parameters, text.

A row becomes a constant; the server encodes with it, the client reads names and parameter
positions from it. Every numeric starts with the recipient's nick, which rows leave out.
Specification: modern IRC "Numerics".
"""

from typing import Final, NamedTuple


class Numeric(NamedTuple):
    """One row. `text` is the last parameter; it may use the parameters' names in braces.

    `{hint}` in it is filled where a caller knows what to do next, else with nothing.

    A row without text ends with its last named parameter (a topic, a list of names).
    """

    code: str
    name: str
    parameters: tuple[str, ...]
    text: str


NUMERICS: Final[dict[str, Numeric]] = {}


def _row(code: str, name: str, parameters: str = "", text: str = "") -> Numeric:
    assert code not in NUMERICS, f"numeric {code} twice"
    row = NUMERICS[code] = Numeric(code, name, tuple(parameters.split()), text)
    return row


RPL_WELCOME: Final = _row("001", "RPL_WELCOME", "", "Welcome, {nick}")
RPL_YOURHOST: Final = _row("002", "RPL_YOURHOST", "", "Your host is {server}, running {version}")
RPL_CREATED: Final = _row("003", "RPL_CREATED", "", "This server was started {started}")
RPL_MYINFO: Final = _row("004", "RPL_MYINFO", "server version user_modes channel_modes arg_modes")
RPL_ISUPPORT: Final = _row("005", "RPL_ISUPPORT", "", "are supported by this server")
RPL_UMODEIS: Final = _row("221", "RPL_UMODEIS", "modes")
RPL_AWAY: Final = _row("301", "RPL_AWAY", "target away")
RPL_USERHOST: Final = _row("302", "RPL_USERHOST", "replies")
RPL_ISON: Final = _row("303", "RPL_ISON", "nicks")
RPL_UNAWAY: Final = _row("305", "RPL_UNAWAY", "", "You are no longer marked as away")
RPL_NOWAWAY: Final = _row("306", "RPL_NOWAWAY", "", "You are marked as away")
RPL_WHOISUSER: Final = _row("311", "RPL_WHOISUSER", "target user host star realname")
RPL_WHOISSERVER: Final = _row("312", "RPL_WHOISSERVER", "target server description")
RPL_ENDOFWHO: Final = _row("315", "RPL_ENDOFWHO", "mask", "End of WHO")
RPL_WHOISIDLE: Final = _row(
    "317", "RPL_WHOISIDLE", "target idle_s signon_s", "seconds idle, signon time"
)
RPL_ENDOFWHOIS: Final = _row("318", "RPL_ENDOFWHOIS", "target", "End of WHOIS")
RPL_WHOISCHANNELS: Final = _row("319", "RPL_WHOISCHANNELS", "target channels")
RPL_LISTSTART: Final = _row("321", "RPL_LISTSTART", "channel", "Users  Name")
RPL_LIST: Final = _row("322", "RPL_LIST", "channel users topic")
RPL_LISTEND: Final = _row("323", "RPL_LISTEND", "", "End of LIST")
RPL_CHANNELMODEIS: Final = _row("324", "RPL_CHANNELMODEIS", "channel modes")
RPL_CREATIONTIME: Final = _row("329", "RPL_CREATIONTIME", "channel time_s")
RPL_NOTOPIC: Final = _row("331", "RPL_NOTOPIC", "channel", "No topic is set")
RPL_TOPIC: Final = _row("332", "RPL_TOPIC", "channel topic")
RPL_TOPICWHOTIME: Final = _row("333", "RPL_TOPICWHOTIME", "channel setter time_s")
RPL_WHOISBOT: Final = _row("335", "RPL_WHOISBOT", "target", "is a bot")
RPL_WHOISACTUALLY: Final = _row("338", "RPL_WHOISACTUALLY", "target host", "is actually using host")
RPL_INVITELIST: Final = _row("336", "RPL_INVITELIST", "channel")
RPL_ENDOFINVITELIST: Final = _row("337", "RPL_ENDOFINVITELIST", "", "End of invitations")
RPL_INVITING: Final = _row("341", "RPL_INVITING", "target channel")
RPL_INVEXLIST: Final = _row("346", "RPL_INVEXLIST", "channel mask setter time_s")
RPL_ENDOFINVEXLIST: Final = _row("347", "RPL_ENDOFINVEXLIST", "channel", "End of list")
RPL_EXCEPTLIST: Final = _row("348", "RPL_EXCEPTLIST", "channel mask setter time_s")
RPL_ENDOFEXCEPTLIST: Final = _row("349", "RPL_ENDOFEXCEPTLIST", "channel", "End of list")
RPL_WHOREPLY: Final = _row("352", "RPL_WHOREPLY", "channel user host server nick flags realname")
RPL_NAMREPLY: Final = _row("353", "RPL_NAMREPLY", "symbol channel names")
RPL_WHOSPCRPL: Final = _row("354", "RPL_WHOSPCRPL", "fields")
RPL_ENDOFNAMES: Final = _row("366", "RPL_ENDOFNAMES", "channel", "End of NAMES")
RPL_BANLIST: Final = _row("367", "RPL_BANLIST", "channel mask setter time_s")
RPL_ENDOFBANLIST: Final = _row("368", "RPL_ENDOFBANLIST", "channel", "End of list")
RPL_MOTD: Final = _row("372", "RPL_MOTD", "line")
RPL_MOTDSTART: Final = _row("375", "RPL_MOTDSTART", "", "- {server} message of the day -")
RPL_ENDOFMOTD: Final = _row("376", "RPL_ENDOFMOTD", "", "End of message of the day")
RPL_WHOISSECURE: Final = _row("671", "RPL_WHOISSECURE", "target", "is using a secure connection")
RPL_HELPSTART: Final = _row("704", "RPL_HELPSTART", "subject line")
RPL_HELPTXT: Final = _row("705", "RPL_HELPTXT", "subject line")
RPL_ENDOFHELP: Final = _row("706", "RPL_ENDOFHELP", "subject", "End of help")

ERR_NOSUCHNICK: Final = _row("401", "ERR_NOSUCHNICK", "target", "There is nobody called {target}")
ERR_NOSUCHCHANNEL: Final = _row(
    "403", "ERR_NOSUCHCHANNEL", "channel", "There is no such room{hint}"
)
ERR_CANNOTSENDTOCHAN: Final = _row(
    "404", "ERR_CANNOTSENDTOCHAN", "channel", "You cannot speak in this room: join it first"
)
ERR_TOOMANYCHANNELS: Final = _row(
    "405", "ERR_TOOMANYCHANNELS", "channel", "You are in as many rooms as one may be; leave one"
)
ERR_TOOMANYTARGETS: Final = _row(
    "407", "ERR_TOOMANYTARGETS", "target", "Too many targets in one command"
)
ERR_NOORIGIN: Final = _row("409", "ERR_NOORIGIN", "", "No token was given")
ERR_INVALIDCAPCMD: Final = _row("410", "ERR_INVALIDCAPCMD", "subcommand", "No such CAP subcommand")
ERR_NORECIPIENT: Final = _row("411", "ERR_NORECIPIENT", "", "No recipient was given ({command})")
ERR_NOTEXTTOSEND: Final = _row("412", "ERR_NOTEXTTOSEND", "", "There is no text to send")
ERR_INPUTTOOLONG: Final = _row("417", "ERR_INPUTTOOLONG", "", "The line is too long")
ERR_UNKNOWNCOMMAND: Final = _row("421", "ERR_UNKNOWNCOMMAND", "command", "Unknown command")
ERR_NOMOTD: Final = _row("422", "ERR_NOMOTD", "", "There is no message of the day")
ERR_NONICKNAMEGIVEN: Final = _row("431", "ERR_NONICKNAMEGIVEN", "", "No nick was given")
ERR_ERRONEUSNICKNAME: Final = _row(
    "432",
    "ERR_ERRONEUSNICKNAME",
    "nick",
    "Not a valid nick: use letters, digits and -_[]{{}}\\|^`, and begin with a letter",
)
ERR_NICKNAMEINUSE: Final = _row("433", "ERR_NICKNAMEINUSE", "nick", "This nick is in use")
ERR_USERNOTINCHANNEL: Final = _row(
    "441", "ERR_USERNOTINCHANNEL", "target channel", "They are not in that room"
)
ERR_NOTONCHANNEL: Final = _row("442", "ERR_NOTONCHANNEL", "channel", "You are not in that room")
ERR_USERONCHANNEL: Final = _row(
    "443", "ERR_USERONCHANNEL", "target channel", "They are in that room already"
)
ERR_NOTREGISTERED: Final = _row("451", "ERR_NOTREGISTERED", "", "Give a name first: NICK and USER")
ERR_NEEDMOREPARAMS: Final = _row(
    "461", "ERR_NEEDMOREPARAMS", "command", "Something is missing; usage: {usage}"
)
ERR_ALREADYREGISTERED: Final = _row(
    "462", "ERR_ALREADYREGISTERED", "", "You are registered already"
)
ERR_PASSWDMISMATCH: Final = _row(
    "464", "ERR_PASSWDMISMATCH", "", "This server asks for a password, and it is not that one"
)
ERR_CHANNELISFULL: Final = _row("471", "ERR_CHANNELISFULL", "channel", "The room is full")
ERR_UNKNOWNMODE: Final = _row("472", "ERR_UNKNOWNMODE", "letter", "There is no such mode")
ERR_INVITEONLYCHAN: Final = _row(
    "473", "ERR_INVITEONLYCHAN", "channel", "One enters this room by invitation only"
)
ERR_BANNEDFROMCHAN: Final = _row(
    "474", "ERR_BANNEDFROMCHAN", "channel", "You are banned from this room"
)
ERR_BADCHANNELKEY: Final = _row(
    "475", "ERR_BADCHANNELKEY", "channel", "The room's key is missing or wrong: JOIN room key"
)
ERR_BADCHANMASK: Final = _row("476", "ERR_BADCHANMASK", "channel", "Not a valid room name")
ERR_NEEDREGGEDNICK: Final = _row(
    "477", "ERR_NEEDREGGEDNICK", "channel", "Only people with an account may do this here"
)
ERR_BANLISTFULL: Final = _row(
    "478", "ERR_BANLISTFULL", "channel letter", "The list is full: take something off it first"
)
ERR_CHANOPRIVSNEEDED: Final = _row(
    "482", "ERR_CHANOPRIVSNEEDED", "channel", "Only the room's owner and operators may do this"
)
ERR_UMODEUNKNOWNFLAG: Final = _row("501", "ERR_UMODEUNKNOWNFLAG", "", "There is no such user mode")
ERR_USERSDONTMATCH: Final = _row(
    "502", "ERR_USERSDONTMATCH", "", "One sees and changes one's own modes only"
)
ERR_HELPNOTFOUND: Final = _row(
    "524", "ERR_HELPNOTFOUND", "subject", "There is no help on this; HELP lists the words"
)
ERR_INVALIDMODEPARAM: Final = _row(
    "696", "ERR_INVALIDMODEPARAM", "target letter parameter", "Not a value for this mode: {why}"
)
