"""Who says so: the source of a hurried line as typed, and the phones in it with the names before them."""

import re
from dataclasses import dataclass

from domain.pattern import Pattern

_SURNAME = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝骆路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶牟艾尤阳穆农司卓古吉缪简车项连芦麦褚窦岑景戚党宫费卜席卫佟"
)
NAME = rf"(?:[小老大][{_SURNAME}]|[{_SURNAME}](?:女士|先生|姐|哥|叔|姨|师傅|老师|主任|书记|队长|经理|科长|所长|站长|会计|大爷|大妈|大夫|医生|厂长|工)|[{_SURNAME}][一-龥](?:(?![报称说讲来打反在])[一-龥])?)"  # noqa: E501 - a pattern is read whole
ROLE = (
    r"网格员|网格长|网格|居民|邻居|群众|路人|行人|业主|家长群|家长|业主群|物业|书记|主任|保安|门卫|信息员|信息报告员|灾害信息员|志愿者|校长|园长|班主任|老师|校医|司机|店主|店长|老板|工友|租户|住户|房东|楼长|楼门长|12345|12350"
    r"|110指挥中心|119指挥中心|指挥中心|110(?!说)|119(?!说)|120(?!说)|派出所|企业|厂里|村民|村干部|村主任|村书记|村委会|居委会|社区医院|社区|学校|安全员|厂长|经理|队长|站长|巡查员|护林员|河长|巡河员|值班员|工作人员|负责人|会计|治保主任|联防队员|护士长|护士|医生|工人|业委会"
    r"|公司|商户|职工|员工|学生|乘客|医院|卫生院|卫生服务中心|诊所|店员|摊贩|热心市民|市民|百姓|老乡|亲戚|护工|老支书|支书|护理员|小学|中学|幼儿园"
    r"|民警|交警|[一-龥]{0,2}队员|协警|辅警|调度中心|调度|站务|管理处|管理站|管理所|指挥室|急诊科|急诊|儿科|内科|外科|发热门诊|门诊|泵站|后勤|护士长|值班护士|保洁员?|厨师|厨师长|快递员|外卖员|教官|教导主任|辅导员|热线|街坊|乡亲|目击者|知情人|游客|旅客|顾客|楼管|宿管|主管|安全总监|总监|班长|组长|科长|包村干部|巡逻队|治安员"
    r"|[巡抄值调协管保养救][一-龥]员|[一-龥]{1,6}群(?=里)|店主|摊主|老板娘|同事|同学|孩子妈妈?|当事人|报警人|包工头|工长|领班|站务员|环卫工人?|环卫|街道办|管委会|养护所|水务所|环保所|司法所|项目经理|技术员|施工员|质检员"
)
_FIRM = r"供热站|热力站|热力公司|热力|供电公司|供电局|供电|水务公司|水务|自来水公司|燃气公司|燃气集团|排管所|环卫|园林|地铁|铁路|交警|消防|医院|卫生院|学校|气象|疾控|卫健|应急|住建|电力"  # noqa: E501 - a pattern is read whole
_SAYS = r"(?:报称|称(?=[^,。;]{2})|(?:刚|刚才|已|又|也|先|都|给[^,。;]{0,4}|跟[^,。;]{0,4}|在[^,。;]{0,4}里?)?(?:来|打)?(?:打电话|打来|来电|来的电话|电话(?!打?不通|没人|占线)|报告|报(?!销|纸|警)|通报|说(?!话|法|好|不|马上|一会|等|正在|已|待会)|反映|反应|有人发|有人说|有人传|上报|发现|闻到|看到|听到|听见|群里(?=[^,。;]{0,4}(?:传|说|发|报|反映|喊))|传|发消息|发微信|告诉|转来|里先传|喊(?!话)|举报|投诉|求助|举报说))"  # noqa: E501 - a pattern is read whole
_STOP = r"[^,。;!?\n]"
_LABELLED = Pattern(
    rf"(?:信息来源|消息来源|来源|报信的|报信人|报告人|反映人(?!称|说)|上报人|报送人|来电人|报告单位|报送单位|上报单位)(?:是|为|:)?\s?(?P<who>{_STOP}{{2,24}}?)(?=\s?\(|\s?电话|\s?手机|\s?1[3-9]\d{{9}}|\s?0\d{{2,3}}-|[,。;!?\n]|$)"
)
_SELF = Pattern(
    rf"(?:我们?这?[里儿]?是|这里?是|这边是|咱是|俺是|我)\s?(?P<who>{_STOP}{{0,18}}?(?:{ROLE}|幼儿园|小学|中学|养老院|敬老院|饭店|超市|工地|项目部|小区|厂|的(?=[小老]))(?:的)?\s?(?:{NAME})?)(?=[,。;!?\n\s]|\d{{7}}|电话|手机|别|不|我们?|咱们?|俺们?|跟你|给您|向您|汇报|报告|有个|出事|$)"
)
_TAKEN = Pattern(
    rf"(?:接到?|据|收到)(?:了)?(?P<who>(?!报|警|电话|通知|上级){_STOP}{{2,20}}?)(?:的)?(?:来电|电话|报告|反映|上报|报警|报称|称|举报|求助|通报|通知|消息|转办|派单|信息|反馈|来报)"
)
_TELLS = Pattern(
    rf"(?P<who>(?:[一-龥A-Za-z]{{1,10}}?(?:社区|村|小区|里|学校|小学|中学|幼儿园|公司|厂|苑|园|街道|街|城|家园|项目部|集团|工地|[三-九]局|分局|养老院|医院|中心|基地|大队)|(?:(?<=[,。;\s])|^)[一-龥]{{1,8}}?)?(?:第?[\d一二三四五六七八九十]+网格)?(?:周边|附近|巡查|楼下|楼上|隔壁|专职|热心)?(?:{ROLE})(?!{ROLE})(?:{NAME})?)(?=(?:(?!外|旁|门口|操场|边|来了|到了|赶|没|已|正|让|要|叫|派|通知|联系|躺|被)[^,。;!?\n]){{0,8}}?{_SAYS})"
    rf"|(?P<firm>(?:[区市])?(?:{_FIRM}))(?=(?:反馈|来电|通报|报告|反映|上报|通知[:,]))"
)
_FIRST = Pattern(rf"(?:^|[,。\n])\s*(?P<who>(?!值班室)[^,。;:!?\n]{{0,14}}?(?:{ROLE})\s?(?:{NAME})?):")
_FORWARDED = Pattern(
    rf"(?:转发|转自|转(?!移)|来自)\s?[:@「【]?\s?@?(?P<who>[一-龥A-Za-z\d]{{1,12}}群(?![主众]|里各位)(?:\s?[-—]?\s?{NAME})?)"
)
_DATED = Pattern(
    r"(?:^|[。;!\n])\s?(?P<who>[一-龥]{2,14}(?:公司|厂|学校|小学|中学|幼儿园|医院|社区|村委会|居委会|养老院|街道))\s?\d{4}[.年]"
)
_CHAT = Pattern(rf"(?:^|\s)(?P<who>[一-龥]{{2,8}}[-—]{NAME})\s?\d{{1,2}}:\d{{2}}\s?:")
_I_OF = Pattern(
    rf"(?:^|[,。\s])我(?P<who>[一-龥]{{2,10}}?(?:村|社区|厂|公司|小区){NAME}|[一-龥]{{2,8}}(?:村|社区)(?:主任|书记|会计|支书|村主任))(?=[,。\s])"
)
_UNIT = Pattern(
    r"(?:^|[,。;\s】:])(?P<who>[一-龥A-Za-z]{2,16}?(?:公司|厂|学校|小学|中学|幼儿园|医院|卫生院|派出所|村委会|居委会|社区|基地|商场|超市|酒店|养老院|中队|支队|供电所|中心|集团|工地|项目部|合作社|物业))(?:来?报告?|来电|通报|反映|说(?!马上|一会|等|正在)|称)?(?::|(?<=[报告说称映电]),?(?=[一-龥\d]))"
)
_I_AM = Pattern(r"我是(?P<who>[一-龥]{2,6}的)(?=[\s,。])|^(?P<folk>老[一-龥])(?:汇报|报告|跟)")
_KNOWN = Pattern(
    rf"(?P<folk>[小老][{_SURNAME}])(?=说|讲|反映|来电)|"
    rf"(?P<who>[一-龥\d]{{0,14}}?的?[{_SURNAME}](?:大爷|大妈|大娘|阿姨|姐|哥|叔|婶|奶奶|爷爷|师傅|老师|书记|主任|经理|会计))(?=(?:来|打|给)[^,。;]{{0,5}}?电话|来电|打来|来说|反映|报告|跑来)"
)
_SIGNED = Pattern(
    rf"(?:^|[,。;!?\n\d]|(?<=\d)\s)\s?(?:--|—|-)?(?P<who>[一-龥A-Za-z\d]{{2,14}}?(?:{ROLE})(?:\s?(?:{NAME}))?|(?:{ROLE})\s?{NAME})\s?(?:(?:电话|手机)?:?\s?(?:1[3-9]\d{{9}}|0\d{{2,3}}-?\d{{7,8}}))?[^一-龥\w]*$"
)
_LEAD = Pattern(
    r"^(?:【[^】]{1,6}】|几点[^,。;]{0,4}不(?:知道|清楚)|值班室|领导|您好|你好|喂|报告|刚才|刚刚|刚|今天|今早|今晚|昨晚|早上|上午|中午|下午|晚上|凌晨|夜里|我是|我们|咱们|咱|俺|有|接到?|听|据|那个|的|了|分|许|左右|多|点|时|现在|说|请|和(?![平谐顺兴美睦润泰苑])|跟|、|\s)+"
)
_VERB = Pattern(
    r"转移|撤离|挪|搬到|送医|送往|着火|起火|漏|爆|塌|困|伤|正在|已经|可能|没有|发生|怎么|什么|在现场|到场|去了|来了|把|被|报了|打了|都|正|未|疏散|我"
)
_PHONE = Pattern(
    r"(?<![\d.])(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[- ]?\d{7,8}|(?<=电话)[2-8]\d{7}|(?<=电话:)[2-8]\d{7}|(?<=电话是)[2-8]\d{7})(?!\d)"  # noqa: E501 - a pattern is read whole
)
_POST = Pattern(
    r"(?:物业|项目|现场|施工|保安|值班|中控|村|社区|居委会)?(?:经理|负责人|队长|值班室|中控室|主任|书记|校长|园长|厂长|前台|办公室)$"
)
_LABELS = Pattern(
    r"(?:联系人|联系电话|联系方式|负责人|报告人|反映人|电话|手机号?|号码|微信|座机|回电|打|现场|他的|她的|我的|是|叫|为|:|\(|\)|\s|的)+$"
)
_NAMED = Pattern(
    rf"(?:^|{ROLE}|员|人|长|席|监|任|管|医|师|理|记|站|厂|校|院|社|队|处|局|办|司|村|里|区|工|的|叫|是|姓名|我|[:\s(])(?P<name>[小老][{_SURNAME}]|[{_SURNAME}](?:姐|哥|叔|姨|师傅|老师|主任|书记|队长|经理|科长|所长|站长|会计|厂长)|[{_SURNAME}][一-龥]{{1,2}}|[{_SURNAME}])$"
)


_OFFICER = Pattern(rf"(?:{ROLE})(?P<name>[小老][{_SURNAME}]|[{_SURNAME}][一-龥]{{1,2}})$")
_END = 80
"""A signature stands in the last characters."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone as said, with the name standing before it (None when none does)."""

    name: str | None
    phone: str


def _tidy(words: str) -> str:
    return re.sub(r"\s|(?<=群)\s?[-—]\s?", "", _LEAD.sub("", words.strip(" ,:。;()"))).removesuffix("的")


def _speaks(words: str) -> str | None:
    """Return the words when they can name somebody, None for a sentence."""
    got = _tidy(words)
    return (
        got
        if len(got) > 1
        and not _VERB.search(got)
        and not re.search(r"叫?1\d\d$", got[1:])
        and not re.match(
            r"[\d一二三两几]+个|你|跟|(?:送|去|往)[^,。]{0,10}(?:院|诊所|中心)|人在|1(?:10|19|20|22)路", got
        )
        else None
    )


def read_source(text: str) -> str | None:
    """Return who gave the news as typed, None when nobody is named."""
    text = re.sub(r"\([^()]{0,30}\)", "", text)
    for pattern in (
        _LABELLED,
        _SELF,
        _FORWARDED,
        _CHAT,
        _I_OF,
        _FIRST,
        _I_AM,
        _TAKEN,
        _KNOWN,
        _TELLS,
        _UNIT,
        _DATED,
        _SIGNED,
    ):
        for match in pattern.finditer(text, max(len(text) - _END, 0) if pattern is _SIGNED else 0):
            got = match.groupdict()
            words = got["who"] or got.get("firm") or got.get("folk") or ""
            who = _speaks(words)
            at = text.find(words, match.start())
            if who and not _cut(text, at) and not _OF_A_PLACE.match(text, at + len(words)):
                return who
    return None


_OF_A_PLACE = Pattern(r"(?<=居民)(?:区|楼|小区|点)")
"""What makes of a person a place: 居民区发现… is told by nobody."""


def _cut(text: str, at: int) -> bool:
    """Return True if the words that begin here would cut a number in two."""
    return at > 0 and text[at - 1].isdigit() and text[at].isdigit()


def _name_before(text: str, at: int) -> str | None:
    """Return the name right before a phone, over a comma and the word 电话."""
    before = _LABELS.sub("", text[max(at - 24, 0) : at])
    for _ in range(2):
        before = _LABELS.sub("", before.rstrip(",;。 "))
    match = _NAMED.search(re.split(r"[,。;!?\n]", before)[-1])
    post = _POST.search(before)
    return match["name"] if match else post.group() if post else None


def read_contacts(text: str) -> tuple[Contact, ...]:
    """Return every phone number with the name before it."""
    out: list[Contact] = []
    for match in _PHONE.finditer(text):
        phone = re.sub(r"[ -]", "", match.group()) if match.group().startswith("1") else match.group()
        out.append(Contact(_name_before(text, match.start()) or _own_name(text), phone))
    return tuple({c.phone: c for c in reversed(out)}.values())[::-1]


def _own_name(text: str) -> str | None:
    """Return the name of who says "我是…" when the line holds one phone, his."""
    if len(_PHONE.findall(text)) != 1:
        return None
    after = re.search(rf"1[3-9]\d{{9}}\s?(?:{ROLE})?(?P<name>{NAME})(?=[,。;\s]|$)", text)
    if after:
        return after["name"]
    called = re.search(rf"我(?:叫|是|姓)\s?(?P<name>{NAME})(?=[,。;\s]|电话|手机|\d|$)", text)
    if called:
        return called["name"]
    match = _SELF.search(text) or _LABELLED.search(text)
    named = _NAMED.search(_tidy(match["who"])) if match else _OFFICER.search(read_source(text) or "")
    return named["name"] if named else None
