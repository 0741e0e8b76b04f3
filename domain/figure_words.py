"""The grammar of counted people and households: quantity, unit, what happened to them; in that order or the other.

Patterns only; `figures` says what is made of them.
"""

import re

from domain.numerals import NUMBER

FOLK = (
    r"(?:[男女小老中]?(?:学生|孩子?|男孩|女孩|朋友|工人|职工|员工|民工|同学|病号))|老太太|老太|老头|老人|老两口|大爷|大妈|大娘|大叔|大姐|阿姨|男子|女子"
    r"|男的|女的|男孩|女孩|女生|男生|学生|小孩|小朋友|孩子|儿童|幼儿|婴儿|娃娃?|小伙子?|姑娘|农民工|工人|员工|职工|工友|民警|居民|业主|骑手|外卖员|快递员"
    r"|司机|乘客|旅客|村民|群众|住户|租户|租客|商户|师生|老师|教师|人员|消防员|保安|保洁|环卫工|顾客|患者|病人|伤者|伤员|死者|妇女|孕妇|行人|路人|游客"
    r"|钓鱼人|驴友|工作人员|施工人员|作业人员"
)
WORDS = {
    "deaths": r"死亡|遇难|身亡|丧生|不治|死了|没气了|没了气|没抢救过来|没救过来|去世|死(?!角|机|活|伤|鱼|猪|鸡|狗)",
    "missing": r"失踪|失联|下落不明|联系不上|联系不到|找不到|没找到|没找着|没了音信|没了影|没冒头|没上来|没浮上来|沉下去|冲走|漂走",  # noqa: E501 - a pattern is read whole
    "trapped": (
        r"被困|受困|困在|困住|困了|困着|没下来|没出来|没跑出来|没逃出来|没撤出来|未撤出|出不来|下不来|上不来|没动静|被埋|埋在|埋了|埋着|埋住|压在|压了|压着(?!电|线)"
        r"|压住|压底下|卡在|卡住|关在|关里|被关|被压|被夹|夹在|困(?!难|扰)"
    ),
    "evacuated": r"疏散|转移|撤离|撤出来?|撤到|撤走|撤下来|安置|搬到|搬离|搬走|搬(?=[一-龥]{0,6}(?:去|里|到))|清出|接到安全",  # noqa: E501 - a pattern is read whole
    "affected": (
        r"影响|涉及|停水|停电|停气|停暖|没水|没电|没气|没暖气|不热|断水|断电|断气|用不上|受淹|进水|被淹|淹了|受灾|受损"
    ),
    "rescued": r"救出来?|救上来?|获救|救下来?|脱困|捞上来|拉上来|放出来",
    "hospital": r"送医|送到?[^,。;\d\n]{0,8}医院|去[^,。;\d\n]{0,5}医院|到医院|就医|住院|住进|入院|抢救(?!无效)|拉走|接走|送往",  # noqa: E501 - a pattern is read whole
    "injured": (
        r"受伤|受轻伤|受重伤|轻伤|重伤|轻微伤|伤了|伤着|伤者|骨折|烧伤|烧着|烫伤|烫着|擦伤|砸伤|砸到|砸着|摔伤|摔了|压伤|划伤|割伤|炸伤|崩着|崩伤|刺伤|捅伤|砍伤|咬伤|咬了|夹伤|冻伤|灼伤"
        r"|撞伤|撞倒|电着|吸入[^,。;]{0,3}烟|呛|中毒|昏迷|晕倒|昏倒|昏了|晕了|晕过去|躺地上|躺在|不舒服|呕吐|吐了|又吐|上吐下泻|拉肚子|拉稀|腹泻|腹痛|肚子疼|肚疼|恶心|头晕|头疼"
        r"|发烧|发热|高烧|咳嗽|起疹|出疹|红疹|确诊|发病|感染|中暑|触电|不适|难受|流血|出血|挂彩|见血|病倒|肿了|绞了|绞伤|绞断|夹断|轧断|伤(?!亡|情|势|心|害)"
    ),
}
HOSPITAL = "hospital"


def _any(prefix: str) -> str:
    """Return the alternatives of all figures' words, each a group named by prefix and figure."""
    return "|".join(f"(?P<{prefix}_{name}>{words})" for name, words in WORDS.items())


NUMBER_WORD = rf"[0-9]{{1,4}}|{NUMBER}"
PAIR = r"(?:[一二三四五六七八九]{2}[十百]?(?![十百千万])|十[一二三四五六七八九]{2}|[二三四五六七八九]十[一二三四五六七八九]{2})"  # noqa: E501 - a pattern is read whole
ONE = rf"\d{{1,7}}|{NUMBER}|俩|仨"
VAGUE = r"[二三四五六七八九]?十几|一?百十来?|几十|几百|数十|数百|上百|上千|成百|好几十?|好些|几|数"
JOINED = rf"(?:{ONE})(?:\s?(?:-|~|—|至|到|、|或者?|,)\s?(?:{ONE}))?"
Q = (
    rf"(?:大约|大概|大致|约|(?<!附)近|将近|起码|最少|至少|不少于|超过|不到|差不多|疑似|可能|好像|估计|得有)?(?:有个?|是)?(?:{VAGUE}|{PAIR}|{JOINED})"
    r"(?:\s?(?:余|多|来|几))?"
)
_PERSON = rf"(?:个|名|位|口)\s?[^,。;、\d\s]{{0,4}}?(?:{FOLK}|人)"
_BARE = r"(?:名|位|口|个)(?!小时|钟|月|网格|门|楼|社区|村|小区|单元|井|地方|车|多月|星期|礼拜)"
UNIT = rf"(?:{_PERSON}|{_BARE}|人(?!次|民|家)|户(?!外|口)|(?:{FOLK})|(?<=[俩仨])(?:人|口子)?)(?:左右|以上|上下|开外)?"
_GAP = r"(?:[^,。;\d\n\s]{0,10}?|,?\s?(?:都|均|全)[^,。;\d\n\s]{0,4}?)"
_WHOSE = r"(?:[一-龥\d]{0,2}个?(?:门栋|单元|楼|栋|门洞?|层|小区|村|厂子?|企业|班)的?)?"
_NOUNS = rf"(?:了|人数|人员|群众|居民|村民|住户|工人|学生|患者|周边|附近|楼上|楼内|:|为|共|已|\s|者|有|着|的|来){{0,6}}{_WHOSE}"  # noqa: E501 - a pattern is read whole
_START = r"(?<![第负\d.:一二三四五六七八九十百千两几数-])"
COUNT = re.compile(
    rf"{_START}(?:(?P<q0>{Q})户[,、\s]?(?:共|约)?)?(?P<q1>{Q})\s?(?P<u1>{UNIT}){_GAP}(?:{_any('a')})"
    rf"|(?:{_any('b')}){_NOUNS}(?P<q2>{Q})\s?(?P<u2>{UNIT})(?:(?<=户)[,、\s]?(?:共|约|合计)?(?P<q3>{Q})(?P<u3>人|户))?"
)
TOLL = re.compile(
    rf"(?<![\d第几数])(?P<d>{NUMBER_WORD})人?死(?:亡)?[、,]?(?P<i>{NUMBER_WORD})人?(?:重|轻)?伤"
    rf"|死(?:了|亡)?(?P<d2>{NUMBER_WORD})个?人?[、,]?伤了?(?P<i2>{NUMBER_WORD}|俩|仨)个?人?"
)
WHOLE = re.compile(
    rf"(?:累计|共计|总共|一共|合计|总数)(?:发病|受伤|呕吐|症状|已?有|达|达到|为|:|到了?)*(?P<q>{Q})(?P<u>{UNIT})"
)
ALSO_SAID = re.compile(rf"有(?:的|人)?(?:又)?说(?:是)?(?P<q>{Q})(?P<u>{UNIT})")
PEOPLE = re.compile(
    rf"(?<![第\d.:一二三四五六七八九十百千两几数])(?:-|负)?(?:\d[\d,.]*[千万]?|{Q})(?:个|名|位|口)?(?:[^,。;、\d\s门楼号期层级班()一二两三四五六七八九十]{{0,4}}(?:{FOLK})|人(?!次|民|家)|户(?!外|口))"
)
"""A count of people or households, whatever is said of them; signs and sizes that are no count too."""
VICTIM = re.compile(rf"(?<![第\d])(?P<q>{ONE})(?:个|名|位)?[^,。;\d]{{0,8}}?(?:{FOLK})")
SOME = re.compile(
    rf"(?P<maybe>好像|疑似|可能|估计|怀疑|听说|据说|怕|恐|或)?[^,。;]{{0,5}}?有(?:几|好几|多|一些|不少|数|好多)?(?:个|名)?(?:人|{FOLK}|(?=[受被轻重]|晕|死)){_GAP}(?:{_any('a')})"
    rf"|(?P<folk>学生|孩子|工人|人|乘客|司机|老人)[^,。;\d\n\s]{{0,3}}(?:无|没有)生命体征"
)
SUBJECTLESS = re.compile(rf"(?:{WORDS['trapped']})了?(?:人|{FOLK})|(?:无|没有)生命体征")


def figure_of(match: re.Match[str]) -> str:
    """Return the figure whose word a match of COUNT or SOME holds."""
    return next(
        (key[2:] for key, value in match.groupdict().items() if key[:2] in {"a_", "b_"} and value), ""
    )
