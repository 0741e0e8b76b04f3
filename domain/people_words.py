"""Words people put in a people sheet: headers, levels, roles and AB roles."""

from domain.people import AB, Role, UnitLevel

HEADERS: dict[str, tuple[str, ...]] = {
    "unit": ("单位", "单位名称", "所在单位", "所属单位", "部门", "村社区", "村/社区", "unit"),
    "parent": ("上级单位", "上级", "所属街道", "上级名称", "隶属单位", "隶属", "parent"),
    "level": ("层级", "级别", "单位类型", "单位类别", "类别", "类型", "level"),
    "role": ("角色", "岗位", "职责", "值守角色", "role"),
    "ab": ("ab角", "ab", "a/b角", "a/b", "a角b角", "a角/b角", "主备"),
    "name": ("姓名", "名字", "人员", "人员姓名", "联系人", "name"),
    "title": ("职务", "职位", "行政职务", "title"),
    "phone": (
        *("电话", "手机", "手机号", "手机号码", "联系电话", "联系方式", "电话号码", "移动电话", "手机/电话"),
        *("联系手机", "phone"),
    ),
    "telegram_id": (
        "telegram_id",
        "telegramid",
        "telegram",
        "tg",
        "tgid",
        "tg_id",
        "账号",
        "帐号",
        "telegram账号",
    ),
    "tags": ("标签", "单位标签", "风险标签", "特点", "地势", "tags"),
    "first_day": ("起始日期", "生效日期", "开始日期", "有效期起", "任职日期", "上岗日期", "first_day"),
    "last_day": ("截止日期", "到期日期", "结束日期", "有效期止", "有效期至", "失效日期", "last_day"),
}
WORDS = {
    "unit": "单位",
    "parent": "上级单位",
    "level": "层级",
    "role": "角色",
    "ab": "AB角",
    "name": "姓名",
    "title": "职务",
    "phone": "电话",
    "telegram_id": "telegram_id",
    "tags": "标签",
    "first_day": "起始日期",
    "last_day": "截止日期",
}
LEVELS: dict[UnitLevel, tuple[str, ...]] = {
    UnitLevel.STREET: ("街道", "镇", "乡", "乡镇", "街镇", "街道办", "街道办事处", "镇街"),
    UnitLevel.VILLAGE: ("村", "社区", "村/社区", "村社区", "村居", "村/居", "居委会", "村委会", "村级"),
    UnitLevel.GRID: ("网格", "基础网格", "网格级"),
    UnitLevel.PARTNER: ("联动单位", "联动", "协作单位", "成员单位", "驻街单位", "部门", "科室", "站所"),
    UnitLevel.FIRM: ("企业", "公司", "厂", "单位企业", "企事业单位"),
    UnitLevel.SCHOOL: ("学校", "中学", "小学", "幼儿园"),
    UnitLevel.HOSPITAL: ("医院", "医疗机构", "卫生院"),
    UnitLevel.SUPERIOR: ("上级", "上级单位", "上级值班室", "区级", "区", "总值班室", "区总值班室"),
}
ROLES: dict[Role, tuple[str, ...]] = {
    Role.OFFICER: ("值班员", "主班", "值班人员", "主班值班员", "值班员(主班)", "值班干部", "主值"),
    Role.DEPUTY: ("副班", "副班值班员", "值班员(副班)", "副值", "备班"),
    Role.LEADER: ("带班领导", "带班", "值班领导", "带班人", "领导"),
    Role.DRIVER: ("驾驶员", "司机", "值班司机"),
    Role.CONTACT: (
        *(
            "责任人",
            "网格员",
            "网格长",
            "村书记",
            "社区书记",
            "书记",
            "村主任",
            "社区主任",
            "联络员",
            "联系人",
        ),
        *("包保责任人", "叫应责任人", "防汛责任人", "负责人", "责任人a角", "责任人b角", "a角", "b角"),
    ),
    Role.REPORTER: ("信息报告员", "信息员", "报告员", "灾害信息员"),
    Role.SUPERIOR: ("上级值班室", "上级值班员", "区值班员", "上级", "区总值班室", "总值班室"),
    Role.ADMIN: ("管理员", "系统管理员", "admin"),
}
ABS: dict[AB, tuple[str, ...]] = {
    AB.A: ("a", "a角", "主", "主责"),
    AB.B: ("b", "b角", "副", "备"),
}
HEADER_WORDS = {word: key for key, words in HEADERS.items() for word in words}
LEVEL_WORDS = {word: level for level, words in LEVELS.items() for word in (*words, level.value)}
ROLE_WORDS = {word: role for role, words in ROLES.items() for word in (*words, role.value)}
AB_WORDS = {word: ab for ab, words in ABS.items() for word in words}
AB_WITHIN = {"责任人a角": AB.A, "责任人b角": AB.B, "a角": AB.A, "b角": AB.B}
FOOT = ("说明", "注:", "备注", "填表", "制表", "审核", "填报", "合计", "共计", "值班电话", "传真")
